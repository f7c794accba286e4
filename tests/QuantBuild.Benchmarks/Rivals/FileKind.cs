using QuantBuild.Benchmarks.Builds;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Benchmarks.Rivals;

internal enum FileKind
{
    /// <summary>Values have ranges that are part of the file, in 8 bits, and so have weights.</summary>
    Static8,

    /// <summary>Ranges of some inputs are found at every run.</summary>
    Dynamic,

    /// <summary>Stored weights only, 4 bits, 16 bits.</summary>
    Other,
}

internal static class FileKinds
{
    /// <summary>Types of codes other than 8 bits; models hold no tensors of them for anything else.</summary>
    private static readonly OnnxElementType[] OtherCodes =
    [
        OnnxElementType.Int2, OnnxElementType.UInt2, OnnxElementType.Int4, OnnxElementType.UInt4, OnnxElementType.Int16, OnnxElementType.UInt16,
    ];

    /// <summary>From what is in the file, as names of files are the tools' own.</summary>
    public static FileKind Of(string path)
    {
        OnnxModel model = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(path), new DiagnosticOrigin(path));
        OnnxNode[] nodes = [.. OptimizedGraph.AllNodes(model.Graph)];
        if (nodes.Any(node => KernelCost.IsDynamic(node.OpType)))
            return FileKind.Dynamic;
        IEnumerable<OnnxElementType> constants = model.Graph.WithBodies.SelectMany(ConstantTypes);
        bool quantizesValues = nodes.Any(node => node.OpType == "QuantizeLinear" || node.OpType.StartsWith("QLinear", StringComparison.Ordinal));
        return quantizesValues && !constants.Any(OtherCodes.Contains) ? FileKind.Static8 : FileKind.Other;
    }

    private static IEnumerable<OnnxElementType> ConstantTypes(OnnxGraph graph) => graph.Nodes
        .SelectMany(node => node.Inputs.Select(graph.InitializerTypeOf)
            .Append(node.OpType == "Constant" ? node.GetTensor("value")?.ElementType : null))
        .OfType<OnnxElementType>();
}
