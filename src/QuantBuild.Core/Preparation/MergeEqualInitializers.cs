using System.Security.Cryptography;
using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>
/// <code>
/// a = [0], b = [0], f(a), g(b)  →  a = [0], f(a), g(a)
/// </code>
/// for initializers of one type, one shape and the same bytes. Exact. The first in the file stays.
/// </summary>
internal sealed class MergeEqualInitializers : IGraphPass
{
    public void Run(PassContext context)
    {
        OnnxGraph graph = context.Graph;
        var kept = new Dictionary<(OnnxElementType Type, string Shape, string Content), string>();
        foreach (string name in graph.InitializerNames.ToArray())
        {
            if (graph.IsOutput(name) || graph.IsDeclaredInput(name) || graph.InitializerOf(name) is not { } tensor)
                continue;
            var key = (tensor.ElementType, string.Join(",", tensor.Shape), Convert.ToHexString(SHA256.HashData(tensor.Bytes)));
            if (kept.TryAdd(key, name))
                continue;
            context.Editor.ReplaceUses(name, kept[key]);
            context.Editor.RemoveInitializer(name);
            context.CountApplied();
        }
    }
}
