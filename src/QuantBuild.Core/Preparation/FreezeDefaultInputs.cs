using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// An input with an initializer → the initializer alone.
/// <code>
/// graph(x, w = [1 2 3])  →  graph(x), w = [1 2 3]
/// </code>
/// Up to IR 3 every initializer had to be an input too; from IR 4 on that means a default which a caller may replace, and runtimes
/// then treat no such weight as a constant.
/// </summary>
internal sealed class FreezeDefaultInputs : IGraphPass
{
    public void Run(PassContext context)
    {
        if (context.Graph != context.Model.Graph)
            return; // inputs of bodies count by position
        foreach (string name in context.Graph.InitializerNames.ToArray())
            if (context.Editor.RemoveDefaultInput(name))
                context.CountApplied();
    }
}
