using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// Div(Clip(Add(x, 3), 0, 6), 6)          →  HardSigmoid(x; 1/6, 1/2)
/// Clip(Add(Mul(x, 0.2), 0.5), 0, 1)      →  HardSigmoid(x; 0.2, 0.5)
/// Div(Mul(x, Clip(Add(x, 3), 0, 6)), 6)  →  Mul(x, HardSigmoid(x; 1/6, 1/2))
/// Mul(Div(x, 6), Clip(Add(x, 3), 0, 6))  →  Mul(x, HardSigmoid(x; 1/6, 1/2))
/// HardSwish(x)                           →  Mul(x, HardSigmoid(x; 1/6, 1/2))
/// </code>
/// The numbers may be others, division may be multiplication. Up to rounding. The runtime computes HardSigmoid in one pass, keeps it in the
/// layout of the convolutions around it, and takes a HardSwish apart in the same way.
/// </summary>
internal sealed class RecognizeHardSigmoid : IGraphPass
{
    /// <summary>Exporters write 1/6 with seven digits.</summary>
    private const double RatioTolerance = 1e-5;

    public void Run(PassContext context)
    {
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
            if (node.Is("HardSwish"))
            {
                string x = node.Inputs[0];
                string gate = AddHardSigmoid(context.Editor, x, 1.0 / 6, 0.5, before: node);
                context.Editor.SetOperator(node, "Mul");
                context.Editor.SetInputs(node, x, gate);
                context.CountApplied();
            }
            else if (ClippedLine.Of(context.Graph, node) is { } clipped && Rewrite(context, clipped))
            {
                context.CountApplied();
            }
        // Not before: a node that nobody reads may be one of those that are looked at.
        if (context.Editor.Changed)
            context.Editor.RemoveDead();
    }

    private static bool Rewrite(PassContext context, ClippedLine clipped)
    {
        (OnnxGraph graph, GraphEditor editor) = (context.Graph, context.Editor);
        if (OnlyReader(graph, clipped.Clip) is { } reader)
        {
            if (ConstantArithmetic.Of(graph, reader)?.Line is { Offset: 0 } scale && Cancels(scale.Factor, clipped.Width))
                return Replace(editor, reader, [AddHardSigmoid(editor, clipped, scale.Factor, reader)]);
            if (reader.Is("Mul") && graph.InitializerOf(Other(reader, clipped.Clip)) is null)
                return RewriteProduct(graph, editor, clipped, reader) || RewriteWidthOfOne(editor, clipped);
        }
        return RewriteWidthOfOne(editor, clipped);
    }

    /// <summary>x · clip(…): the division by the width may stand behind the product or before its other factor.</summary>
    private static bool RewriteProduct(OnnxGraph graph, GraphEditor editor, ClippedLine clipped, OnnxNode product)
    {
        string other = Other(product, clipped.Clip);
        if (OnlyReader(graph, product) is { } behind && ConstantArithmetic.Of(graph, behind)?.Line is { Offset: 0 } after
            && Cancels(after.Factor, clipped.Width))
            return Replace(editor, behind, [other, AddHardSigmoid(editor, clipped, after.Factor, behind)]);
        if (graph.ProducerOf(other) is { } scaling && OnlyReader(graph, scaling) == product
            && ConstantArithmetic.Of(graph, scaling) is { } scaled
            && scaled.Line is { Offset: 0 } before && Cancels(before.Factor, clipped.Width))
            return Replace(editor, product, [scaled.Value, AddHardSigmoid(editor, clipped, before.Factor, product)]);
        return false;
    }

    private static bool RewriteWidthOfOne(GraphEditor editor, ClippedLine clipped) =>
        Cancels(1, clipped.Width) && Replace(editor, clipped.Clip, [AddHardSigmoid(editor, clipped, 1, clipped.Clip)]);

    /// <summary>One input: the node's output is that value. Two: it is their product. What was computed before is dead.</summary>
    private static bool Replace(GraphEditor editor, OnnxNode node, string[] inputs)
    {
        if (inputs is [var gate])
        {
            OnnxNode hardSigmoid = editor.Graph.ProducerOf(gate)!;
            string output = node.Outputs[0];
            editor.SetOutput(node, 0, editor.UniqueName(output));
            editor.SetOutput(hardSigmoid, 0, output);
        }
        else
        {
            editor.SetOperator(node, "Mul");
            editor.SetInputs(node, inputs);
        }
        return true;
    }

    private static string AddHardSigmoid(GraphEditor editor, ClippedLine clipped, double scale, OnnxNode before) =>
        AddHardSigmoid(editor, clipped.X, clipped.Factor * scale, clipped.Offset * scale, before);

    private static string AddHardSigmoid(GraphEditor editor, string x, double alpha, double beta, OnnxNode before)
    {
        string output = editor.UniqueName($"{before.DisplayName}_gate");
        editor.AddNode("HardSigmoid", [x], [output], before, name: output).SetFloat("alpha", (float)alpha).SetFloat("beta", (float)beta);
        return output;
    }

    private static bool Cancels(double factor, double width) => Math.Abs((factor * width) - 1) < RatioTolerance;

    private static string Other(OnnxNode product, OnnxNode factor) => product.Inputs[product.Inputs[0] == factor.Outputs[0] ? 1 : 0];

    private static OnnxNode? OnlyReader(OnnxGraph graph, OnnxNode node) =>
        !graph.IsOutput(node.Outputs[0]) && graph.ConsumersOf(node.Outputs[0]) is [var reader] ? reader : null;

    /// <summary><c>clip(factor · x + offset, 0, width)</c>, rising, with both ends within reach.</summary>
    private sealed record ClippedLine(OnnxNode Clip, string X, double Factor, double Offset, double Width)
    {
        public static ClippedLine? Of(OnnxGraph graph, OnnxNode node)
        {
            if (!node.Is("Clip") || graph.InitializerOf(node.Input(1)) is not { ElementType: OnnxElementType.Float, Length: 1 } low
                || graph.InitializerOf(node.Input(2)) is not { ElementType: OnnxElementType.Float, Length: 1 } high
                || low.Floats[0] != 0 || high.Floats[0] is not (> 0 and < float.MaxValue))
                return null;
            (string x, double factor, double offset) = (node.Inputs[0], 1, 0);
            while (graph.ProducerOf(x) is { } producer && OnlyReader(graph, producer) is not null
                && ConstantArithmetic.Of(graph, producer) is { Line: { } line } arithmetic)
                (x, factor, offset) = (arithmetic.Value, factor * line.Factor, (factor * line.Offset) + offset);
            return factor > 0 && offset > 0 ? new ClippedLine(node, x, factor, offset, high.Floats[0]) : null;
        }
    }
}
