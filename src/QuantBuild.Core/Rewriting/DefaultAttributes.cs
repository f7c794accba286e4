using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Removes attributes that say what holds without them.</summary>
internal static class DefaultAttributes
{
    private static readonly HashSet<string> Windowed = new(StringComparer.Ordinal)
    {
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool",
    };

    public static void Remove(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Domain.Length == 0))
        {
            if (Windowed.Contains(node.OpType))
            {
                RemoveWhenAll(node, "dilations", 1);
                RemoveWhenAll(node, "strides", 1);
                RemoveWhenAll(node, "pads", 0);
                RemoveWhen(node, "group", 1);
                RemoveWhen(node, "ceil_mode", 0);
                if (node.GetString("auto_pad", "") == "NOTSET")
                    node.RemoveAttribute("auto_pad");
            }
            if (node.Is("Conv") && graph.ProducerOf(node.Inputs[1]) is { OpType: "DequantizeLinear" })
                node.RemoveAttribute("kernel_shape");
            if (node.Is("Gemm"))
            {
                RemoveWhen(node, "transA", 0);
                RemoveWhen(node, "transB", 0);
                if (node.GetFloat("alpha", 1) == 1)
                    node.RemoveAttribute("alpha");
                if (node.GetFloat("beta", 1) == 1)
                    node.RemoveAttribute("beta");
            }
        }
    }

    private static void RemoveWhenAll(OnnxNode node, string attribute, long value)
    {
        if (node.GetInts(attribute) is { } values && values.All(entry => entry == value))
            node.RemoveAttribute(attribute);
    }

    private static void RemoveWhen(OnnxNode node, string attribute, long value)
    {
        if (node.HasAttribute(attribute) && node.GetInt(attribute, value) == value)
            node.RemoveAttribute(attribute);
    }
}
