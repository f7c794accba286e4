using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = LayerNormalization(x, γ, β)            →  d = x − mean(x), y = d · 1/√(mean(d·d) + ε) · γ + β      over the last axis
/// Pow(Sub(x, ReduceMean(x)), 2)              →  Mul(d, d)
/// </code>
/// Up to rounding. The runtime's kernel goes through the numbers one by one, and takes the form with Pow for it too; the parts are
/// vectorized: three to six times as fast from a few rows on, measured. Small tensors stay, and what the runtime joins with an addition
/// before it, for which it has a fast kernel.
/// </summary>
internal sealed class ExpandLayerNormalization : IGraphPass
{
    /// <summary>The standard's default of the attribute epsilon.</summary>
    private const float DefaultEpsilon = 1e-5f;

    /// <summary>Below this many elements the calls of ten kernels cost more than the slow one (measured at 128 columns: equal at 8 rows).</summary>
    private const long FewestElements = 1024;

    /// <summary>What an open dimension is taken for: batches may be 1, sequences are longer.</summary>
    private const long OpenDimension = 16;

    public void Run(PassContext context)
    {
        StaticFacts facts = StaticFacts.Of(context);
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (IsSquareOfDeviation(context.Graph, node) && Pays(context.Graph, context.Graph.ProducerOf(node.Inputs[0])!.Inputs[0], 1,
                facts))
            {
                context.Editor.SetOperator(node, "Mul");
                context.Editor.SetInputs(node, node.Inputs[0], node.Inputs[0]);
                context.CountApplied();
            }
            if (IsNormalization(context.Graph, node, facts)
                && Pays(context.Graph, node.Inputs[0], context.Graph.InitializerOf(node.Inputs[1])!.Length, facts))
            {
                Expand(context, node);
                context.CountApplied();
            }
        }
    }

    private static bool IsNormalization(OnnxGraph graph, OnnxNode node, StaticFacts facts) =>
        node.Is("LayerNormalization")
        && graph.InitializerOf(node.Inputs[1]) is { ElementType: OnnxElementType.Float, Rank: 1 }
        && (node.GetInt("axis", -1) == -1 || node.GetInt("axis", -1) + 1 == facts.RankOf(node.Inputs[0]))
        && node.Outputs.Skip(1).All(output => output.Length == 0 || (!graph.IsOutput(output) && graph.ConsumersOf(output).Count == 0));

    private static bool IsSquareOfDeviation(OnnxGraph graph, OnnxNode node) =>
        node.Is("Pow") && graph.InitializerOf(node.Inputs[1]) is { ElementType: OnnxElementType.Float, Length: 1, Rank: <= 1 } two
            && two.Floats[0] == 2
        && graph.ProducerOf(node.Inputs[0]) is { } deviation && deviation.Is("Sub")
        && graph.ProducerOf(deviation.Inputs[1]) is { } mean && mean.Is("ReduceMean") && mean.Inputs[0] == deviation.Inputs[0];

    /// <param name="columns">The least that is known of the last axis.</param>
    private static bool Pays(OnnxGraph graph, string x, long columns, StaticFacts facts)
    {
        SymbolicInteger[] rows = facts.ShapeOf(x) is { Length: >= 2 } shape ? shape[1..] : [facts.NewDimension(), columns];
        return rows.Aggregate(1L, (product, dimension) => product * (dimension.IsKnown ? dimension.Value : OpenDimension)) >= FewestElements
            && !IsJoinedWithAddition(graph, x, rows, facts);
    }

    private static bool IsJoinedWithAddition(OnnxGraph graph, string x, SymbolicInteger[] rows, StaticFacts facts) =>
        graph.ProducerOf(x) is { } add && add.Is("Add") && !add.Inputs.Any(graph.IsInitializer) && !graph.IsOutput(x)
        && rows.All(dimension => dimension.IsKnown) && add.Inputs.All(input => facts.RankOf(input) == rows.Length + 1)
        && graph.ConsumersOf(x).All(reader => reader.Is("LayerNormalization") || reader.Is("ReduceMean") || reader.Is("Sub"));

    private static void Expand(PassContext context, OnnxNode node)
    {
        GraphEditor editor = context.Editor;
        (string x, string gain, string? offset) = (node.Inputs[0], node.Inputs[1], node.Input(2));
        string epsilon = editor.AddInitializer($"{node.DisplayName}_epsilon", OnnxTensor.Scalar(node.GetFloat("epsilon", DefaultEpsilon)));
        string deviation = Add("Sub", x, Mean(x));
        string variance = Mean(Add("Mul", deviation, deviation));
        string normalized = Add("Mul", deviation, Add("Reciprocal", Add("Sqrt", Add("Add", variance, epsilon))));
        foreach (string attribute in node.AttributeNames.ToArray())
            node.RemoveAttribute(attribute);
        editor.SetInputs(node, offset is null ? [normalized, gain] : [Add("Mul", normalized, gain), offset]);
        editor.SetOperator(node, offset is null ? "Mul" : "Add");
        editor.KeepOutputs(node, 1);

        string Mean(string value)
        {
            string last = context.Model.Opset < 18 ? "" : editor.AddInitializer($"{node.DisplayName}_axis", OnnxTensor.Int64s(-1));
            string mean = last.Length == 0 ? Add("ReduceMean", value) : Add("ReduceMean", value, last);
            if (last.Length == 0)
                editor.Graph.ProducerOf(mean)!.SetInts("axes", -1);
            return mean;
        }

        string Add(string opType, params string[] inputs)
        {
            string output = editor.UniqueName($"{node.DisplayName}_{opType}");
            editor.AddNode(opType, inputs, [output], before: node, name: output);
            return output;
        }
    }
}
