using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = BatchNormalization(x, γ, β, μ, σ²), y = Add(Mul(x, a), β)  →  y = Conv(x, W [C, 1, 1, 1], b; group = C)
/// </code>
/// for images between convolutions, where nothing else could take it up. Computed in float64 and rounded once. The runtime keeps a Conv in
/// the layout of those around it, which it leaves for arithmetic with constants (a tenth to a third of such a block's time, measured), and
/// has an integer kernel for it. One number for all channels near a Tanh or Erf is left: it is part of an activation function, which
/// patterns know by such numbers.
/// </summary>
internal sealed class ScaleAndShiftToConv : IGraphPass
{
    /// <summary>Axes of an image: [N, C, H, W]. The runtime has the layout for these alone.</summary>
    private const int ImageRank = 4;

    private static readonly HashSet<string> KeepsLayout = new(StringComparer.Ordinal)
    {
        "Add", "Clip", "Concat", "HardSigmoid", "LeakyRelu", "Mul", "Relu", "Sigmoid", "Tanh", "BatchNormalization", "MaxPool",
            "AveragePool",
    };

    /// <summary>What activation functions are written with.</summary>
    private static readonly HashSet<string> Arithmetic = new(StringComparer.Ordinal) { "Add", "Div", "Mul", "Pow", "Sub" };

    public void Run(PassContext context)
    {
        OnnxGraph graph = context.Graph;
        foreach (ScaleShiftChain chain in ScaleShiftChain.FindAll(graph, StaticFacts.Of(context)))
        {
            if (chain.Rank != ImageRank || (chain.Affine.IsUniform && IsPartOfACurve(graph, chain)) || !ComesFromConvolution(graph, chain.Input) || !GoesToConvolution(graph, chain.Output))
                continue;
            GraphEditor editor = context.Editor;
            OnnxNode last = chain.Nodes[^1];
            int channels = chain.Affine.Length;
            string weight = editor.AddInitializer($"{last.DisplayName}_scale", OnnxTensor.Float(
                [channels, 1, 1, 1], [.. chain.Affine.Factors.Select(factor => (float)factor)]));
            string bias = editor.AddInitializer(
                $"{last.DisplayName}_shift", OnnxTensor.Float([channels], chain.Affine.Shift(new double[channels])));
            foreach (string attribute in last.AttributeNames.ToArray())
                last.RemoveAttribute(attribute);
            editor.SetOperator(last, "Conv");
            editor.SetInputs(last, chain.Input, weight, bias);
            last.SetInt("group", channels);
            foreach (OnnxNode node in chain.Nodes.SkipLast(1).Reverse())
                editor.RemoveNode(node);
            context.CountApplied();
        }
    }

    private static bool ComesFromConvolution(OnnxGraph graph, string value) =>
        Reaches(graph.ProducerOf(value) is { } producer ? [producer] : [], node => node.Inputs.Select(graph.ProducerOf).OfType<OnnxNode>());

    private static bool GoesToConvolution(OnnxGraph graph, string value) =>
        Reaches(graph.ConsumersOf(value), node => node.Outputs.SelectMany(graph.ConsumersOf));

    private static bool IsPartOfACurve(OnnxGraph graph, ScaleShiftChain chain) =>
        Reaches(graph.ProducerOf(chain.Input) is { } producer ? [producer] : [], IsCurve, Arithmetic, node => node.Inputs.Select(graph.ProducerOf).OfType<OnnxNode>())
        || Reaches(graph.ConsumersOf(chain.Output), IsCurve, Arithmetic, node => node.Outputs.SelectMany(graph.ConsumersOf));

    private static bool IsCurve(OnnxNode node) => node.Is("Tanh") || node.Is("Erf");

    /// <summary>Looks for a Conv beyond nodes that keep the layout.</summary>
    private static bool Reaches(IEnumerable<OnnxNode> start, Func<OnnxNode, IEnumerable<OnnxNode>> next) =>
        Reaches(start, node => node.Is("Conv"), KeepsLayout, next);

    private static bool Reaches(
        IEnumerable<OnnxNode> start, Func<OnnxNode, bool> isWanted, HashSet<string> passable, Func<OnnxNode, IEnumerable<OnnxNode>> next)
    {
        var open = new Stack<OnnxNode>(start);
        var seen = new HashSet<OnnxNode>();
        while (open.TryPop(out OnnxNode? node))
        {
            if (isWanted(node))
                return true;
            if (node.Domain.Length == 0 && passable.Contains(node.OpType) && seen.Add(node))
                foreach (OnnxNode neighbour in next(node))
                    open.Push(neighbour);
        }
        return false;
    }
}
