using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// Nodes and initializers that nobody reads → nothing, and declared types of values that no longer exist → nothing. Exact.
/// </summary>
internal sealed class RemoveDeadNodes : IGraphPass
{
    public void Run(PassContext context)
    {
        int before = context.Graph.Nodes.Count;
        context.Editor.RemoveDead();
        for (int removed = before - context.Graph.Nodes.Count; removed > 0; removed--)
            context.CountApplied();
    }
}
