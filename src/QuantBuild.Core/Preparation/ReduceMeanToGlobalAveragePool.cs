using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = ReduceMean(x [n,c,h,w], axes: [2,3])                  →  y = GlobalAveragePool(x)
/// y = ReduceMean(x [n,c,h,w], axes: [2,3], keepdims: 0)     →  y = Flatten(GlobalAveragePool(x))
/// </code>
/// The same mean; only the pool has an integer kernel. The runtime may add in another order. Of three axes the last one may be the features that
/// a layer normalization takes the mean of, which the runtime looks for as ReduceMean; those stay.
/// </summary>
internal sealed class ReduceMeanToGlobalAveragePool : IGraphPass
{
    /// <summary>Axes of an image: [N, C, H, W].</summary>
    private const int ImageRank = 4;

    public void Run(PassContext context)
    {
        OnnxNode[] means = [.. context.Graph.Nodes.Where(node => node.Is("ReduceMean"))];
        if (means.Length == 0)
            return;
        StaticFacts facts = StaticFacts.Of(context);
        foreach (OnnxNode mean in means)
            if (facts.RankOf(mean.Inputs[0]) is >= ImageRank and var rank && IsSpatial(facts.Integers(mean, "axes", 1), rank)
                && ElementTypes.Of(context.Graph, mean.Inputs[0]) == OnnxElementType.Float)
                Replace(context, mean);
    }

    /// <summary>All axes behind batch and channels, in any order.</summary>
    private static bool IsSpatial(long[]? axes, int rank) =>
        axes is not null && axes.Select(axis => axis < 0 ? axis + rank : axis).Order().SequenceEqual(Enumerable.Range(2, rank - 2).Select(axis => (long)axis));

    private static void Replace(PassContext context, OnnxNode mean)
    {
        bool keepsAxes = mean.GetInt("keepdims", 1) != 0;
        foreach (string attribute in mean.AttributeNames.ToArray())
            mean.RemoveAttribute(attribute);
        context.Editor.SetInputs(mean, mean.Inputs[0]);
        context.Editor.SetOperator(mean, "GlobalAveragePool");
        context.CountApplied();
        if (keepsAxes)
            return;
        string output = mean.Outputs[0];
        string pooled = context.Editor.UniqueName(output);
        context.Editor.SetOutput(mean, 0, pooled);
        context.Editor.AddNode("Flatten", [pooled], [output]);
    }
}
