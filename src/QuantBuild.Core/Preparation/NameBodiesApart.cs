using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// y = If(c, then: { t = Relu(x) }, else: { t = Neg(x) })  →  y = If(c, then: { t = Relu(x) }, else: { t_1 = Neg(x) })
/// </code>
/// Afterwards a name means one value in the whole model, in bodies of If, Loop and Scan as well. Exact.
/// </summary>
internal sealed class NameBodiesApart : IGraphPass
{
    public void Run(PassContext context)
    {
        if (context.Graph != context.Model.Graph)
            return;
        var taken = new HashSet<string>(context.Graph.OwnNames, StringComparer.Ordinal);
        foreach (OnnxGraph body in context.Graph.WithBodies.Skip(1).ToArray())
        {
            var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string name in body.OwnNames)
                if (!taken.Add(name))
                {
                    renamed.Add(name, context.Editor.UniqueName(name));
                    taken.Add(renamed[name]);
                    context.CountApplied();
                }
            context.Editor.RenameInBody(body, renamed);
        }
    }
}
