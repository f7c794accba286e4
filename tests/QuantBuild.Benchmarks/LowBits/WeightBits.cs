using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>How many bits the weights of a file have, from what is in it: names of files are the tools' own.</summary>
internal static class WeightBits
{
    /// <summary>Tools keep some layers, and often the embeddings, in more bits: a file is of the fewest bits that this share of its weights
    /// has.</summary>
    private const double LeastShare = 0.25;

    private const int BitsPerByte = 8;

    private const int WholeFloat = 32;

    /// <summary>Biases and scales are no weights.</summary>
    private const int FewestElements = 256;

    public static int Of(string path)
    {
        OnnxModel model = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(path), new DiagnosticOrigin(path));
        var elements = new SortedDictionary<int, long>();
        foreach (OnnxGraph graph in model.Graph.WithBodies)
        {
            var packed = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (OnnxNode node in graph.Nodes)
                if (PackedInput(node) is { } input)
                    packed[node.Inputs[input]] = (int)node.GetInt("bits", 4);
            foreach (TensorProto tensor in graph.Proto.Initializer)
                Count(tensor, packed.TryGetValue(tensor.Name, out int bits) ? bits : null);
            foreach (OnnxNode node in graph.Nodes.Where(node => node.OpType == "Constant"))
                foreach (AttributeProto value in node.Proto.Attribute.Where(attribute => attribute.T is not null))
                    Count(value.T, packedBits: null);
        }
        long total = elements.Values.Sum();
        return elements.FirstOrDefault(count => count.Value >= LeastShare * total, new KeyValuePair<int, long>(WholeFloat, 0)).Key;

        void Count(TensorProto tensor, int? packedBits)
        {
            long length = tensor.Dims.Aggregate(1L, (product, dimension) => product * dimension);
            if (BitsOf((OnnxElementType)tensor.DataType) is not { } stored || length < FewestElements)
                return;
            int bits = packedBits ?? stored;
            elements[bits] = elements.GetValueOrDefault(bits) + (length * stored / bits);
        }
    }

    /// <summary>The input that holds several codes in a byte, of the operators of ONNX Runtime that have one.</summary>
    private static int? PackedInput(OnnxNode node) => node.OpType switch
    {
        "MatMulNBits" => 1,
        "GatherBlockQuantized" => 0,
        _ => null,
    };

    /// <summary>Null for types that hold no weights, such as indices and shapes.</summary>
    private static int? BitsOf(OnnxElementType type) => type switch
    {
        OnnxElementType.Int2 or OnnxElementType.UInt2 => 2,
        OnnxElementType.Int4 or OnnxElementType.UInt4 => 4,
        OnnxElementType.Int8 or OnnxElementType.UInt8 => BitsPerByte,
        OnnxElementType.Int16 or OnnxElementType.UInt16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2 * BitsPerByte,
        OnnxElementType.Float => WholeFloat,
        _ => null,
    };
}
