using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// Max(x, 0)                                  →  Relu(x)
/// Min(x, b), Max(x, a)                       →  Clip(x, −∞, b), Clip(x, a, ∞)
/// Min(Relu(x), 6), Clip(Clip(x, a, b), c, d) →  Clip(x, 0, 6), Clip(x, …)
/// </code>
/// for bounds that are constant float32 numbers. Exact: a bound that the runtime misses is the largest number to it, so that none is left
/// out. As one Clip it is taken into the kernel before it.
/// </summary>
internal sealed class MinMaxToClip : IGraphPass
{
    public void Run(PassContext context)
    {
        var facts = new Lazy<StaticFacts>(() => StaticFacts.Of(context));
        foreach (OnnxNode node in context.Graph.Nodes.ToArray())
        {
            if (!node.Is("Clip") && !node.Is("Relu") && !Replace(context, node, facts))
                continue;
            if (Bounds.Of(context.Graph, node) is { } outer && context.Graph.ProducerOf(node.Inputs[0]) is { } before
                && Bounds.Of(context.Graph, before) is { } inner && IsOnlyReadBy(context.Graph, before))
            {
                context.Editor.SetInput(node, 0, before.Inputs[0]);
                Write(context.Editor, node, inner.Then(outer));
                context.Editor.RemoveNode(before);
                context.CountApplied();
            }
        }
    }

    private static bool Replace(PassContext context, OnnxNode node, Lazy<StaticFacts> facts)
    {
        if (!(node.Is("Min") || node.Is("Max")) || node.Inputs.Count != 2)
            return false;
        OnnxTensor? first = context.Graph.InitializerOf(node.Inputs[0]);
        OnnxTensor? second = context.Graph.InitializerOf(node.Inputs[1]);
        if ((first ?? second) is not { ElementType: OnnxElementType.Float, Length: 1 } bound || (first is null) == (second is null)
            || float.IsNaN(bound.Floats[0]))
            return false;
        string x = node.Inputs[first is null ? 0 : 1];
        if (bound.Rank > 0 && !(facts.Value.RankOf(x) >= bound.Rank))
            return false; // it could add axes to x
        Bounds bounds = node.Is("Min") ? new Bounds(null, bound.Floats[0]) : new Bounds(bound.Floats[0], null);
        context.Editor.SetInputs(node, x);
        Write(context.Editor, node, bounds);
        context.CountApplied();
        return true;
    }

    private static void Write(GraphEditor editor, OnnxNode node, Bounds bounds)
    {
        string x = node.Inputs[0];
        editor.SetOperator(node, bounds == Bounds.Relu ? "Relu" : "Clip");
        editor.SetInputs(node, (bounds.Low, bounds.High) switch
        {
            (null or 0, null) => [x],
            _ => [x, Scalar(bounds.Low ?? float.NegativeInfinity), Scalar(bounds.High ?? float.PositiveInfinity)],
        });

        string Scalar(float bound) => editor.AddInitializer($"{node.DisplayName}_bound", OnnxTensor.Scalar(bound));
    }

    private static bool IsOnlyReadBy(OnnxGraph graph, OnnxNode before) =>
        !graph.IsOutput(before.Outputs[0]) && graph.ConsumersOf(before.Outputs[0]).Count == 1;

    /// <summary>What a Clip or Relu cuts; null: nothing.</summary>
    private sealed record Bounds(float? Low, float? High)
    {
        public static readonly Bounds Relu = new(0, null);

        public static Bounds? Of(OnnxGraph graph, OnnxNode node)
        {
            if (node.Is("Relu"))
                return Relu;
            if (!node.Is("Clip"))
                return null;
            OnnxTensor? low = graph.InitializerOf(node.Input(1));
            OnnxTensor? high = graph.InitializerOf(node.Input(2));
            return IsNumberOrAbsent(node.Input(1), low) && IsNumberOrAbsent(node.Input(2), high)
                ? new Bounds(low?.Floats[0], high?.Floats[0])
                : null;
        }

        /// <summary>This one first: its bounds, cut by those of <paramref name="outer"/>.</summary>
        public Bounds Then(Bounds outer) => new(Low is { } low ? outer.Cut(low) : outer.Low, High is { } high ? outer.Cut(high)
            : outer.High);

        private float Cut(float value) => Math.Min(Math.Max(value, Low ?? value), High ?? float.PositiveInfinity);

        private static bool IsNumberOrAbsent(string? input, OnnxTensor? constant) =>
            input is null || constant is { ElementType: OnnxElementType.Float, Length: 1 };
    }
}
