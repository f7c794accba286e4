using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Rewriting.LowBits;

namespace QuantBuild.Rewriting;

/// <summary>Writes the nodes that find the ranges of what they read at every run.</summary>
/// <remarks>
/// <code>
/// MatMul(x, w)  →      (q, s, z) = DynamicQuantizeLinear(x);  Mul(Cast(MatMulInteger(q, w8, z)), Mul(s, scales))
/// LSTM(x, w, r) →      DynamicQuantizeLSTM(x, w8, r8, …, scales)
/// </code>
/// The runtime makes one kernel of the first form, with the Add of a bias behind it; readers of one value share its codes. The codes are pair-safe and signed:
/// unsigned ones are as exact and half as fast (measured).
/// </remarks>
internal sealed class DynamicRewriter
{
    private const string ContribDomain = "com.microsoft";

    private readonly GraphEditor editor;
    private readonly ConstantPool constants;
    private readonly PackedWeights packed;
    private readonly Dictionary<string, string[]> quantizedValues = new(StringComparer.Ordinal);

    private DynamicRewriter(OnnxGraph graph, OnnxModel model, WeightFile? weights)
    {
        editor = new GraphEditor(graph, model.Graph);
        constants = new ConstantPool(editor, weights);
        packed = new PackedWeights(editor, constants, model.Opset);
    }

    /// <param name="model">A clone of the model that the nodes were planned in.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    /// <returns>By index into <paramref name="planned"/>: the node that becomes the kernel.</returns>
    public static IReadOnlyList<OnnxNode> Rewrite(
        OnnxModel model,
        PlannedNodeMap clones,
        IReadOnlyList<DynamicNode> planned,
        IReadOnlyList<IReadOnlyList<QuantizedWeight>> codes,
        WeightFile? weights = null)
    {
        var kernels = new OnnxNode[planned.Count];
        foreach (IGrouping<OnnxGraph, int> group in Enumerable.Range(0, planned.Count).GroupBy(index => planned[index].Graph))
        {
            OnnxGraph graph = clones.Of(group.Key);
            var rewriter = new DynamicRewriter(graph, model, weights);
            foreach (int index in group)
                kernels[index] = rewriter.Rewrite(clones.Of(planned[index].Node), planned[index], codes[index]);
            rewriter.packed.Write();
            rewriter.editor.RemoveDead();
            rewriter.editor.SortTopologically();
        }
        if (planned.Any(node => node.Node.Is("LSTM")))
            model.Import(ContribDomain, 1);
        foreach (OnnxGraph graph in model.Graph.WithBodies.Reverse())
            graph.Reindex();
        return kernels;
    }

    private OnnxNode Rewrite(OnnxNode node, DynamicNode planned, IReadOnlyList<QuantizedWeight> codes) =>
        node.Is("LSTM") ? RewriteLstm(node, planned, codes) : RewriteProduct(node, planned.Weights[0], codes[0]);

    private OnnxNode RewriteProduct(OnnxNode node, PlannedWeight weight, QuantizedWeight codes)
    {
        string output = node.Outputs[0];
        editor.SetOutput(node, 0, editor.UniqueName(output));
        string[] x = Quantized(node.Inputs[0]);
        IReadOnlyList<long> shape = editor.Graph.InitializerOf(weight.Initializer)!.Shape;
        string stored = weight.PairAxis == ReductionOrder.MatrixColumns
            ? StoreTransposed(codes, 1, shape[0], shape[1], [shape[1], shape[0]])
            : codes.Packed is { } fewer ? packed.AddInt8(fewer, shape) : constants.Store(codes.Codes);

        string sums = editor.UniqueName(output);
        string floats = editor.UniqueName(output);
        string scales = editor.UniqueName(output);
        string? bias = node.Is("Gemm") ? node.Input(2) : null;
        string product = bias is null ? output : editor.UniqueName(output);
        OnnxNode kernel = editor.AddNode("MatMulInteger", [x[0], stored, x[2]], [sums]);
        editor.AddNode("Cast", [sums], [floats]).SetInt("to", (long)OnnxElementType.Float);
        editor.AddNode("Mul", [x[1], constants.Scales(codes.Scales)], [scales]);
        editor.AddNode("Mul", [floats, scales], [product]);
        if (bias is not null)
            editor.AddNode("Add", [product, bias], [output]);
        editor.RemoveNode(node);
        return kernel;
    }

    /// <summary>Codes, scale and zero point of an activation, found once for all who read it.</summary>
    private string[] Quantized(string value)
    {
        if (!quantizedValues.TryGetValue(value, out string[]? quantized))
        {
            quantized = [editor.UniqueName(value), editor.UniqueName(value), editor.UniqueName(value)];
            quantizedValues.Add(value, quantized);
            editor.AddNode("DynamicQuantizeLinear", [value], quantized);
        }
        return quantized;
    }

    private OnnxNode RewriteLstm(OnnxNode node, DynamicNode planned, IReadOnlyList<QuantizedWeight> codes)
    {
        // x, w, r, bias, lengths, first hidden state, first cell state, peepholes.
        string[] inputs = [.. Enumerable.Range(0, 8).Select(index => node.Input(index) ?? "")];
        var quantization = new List<string>();
        for (int i = 0; i < codes.Count; i++)
        {
            IReadOnlyList<long> shape = editor.Graph.InitializerOf(planned.Weights[i].Initializer)!.Shape;
            inputs[planned.Weights[i].InputIndex] = StoreTransposed(codes[i], shape[0], shape[1], shape[2], [shape[0], shape[2], shape[1]]);
            quantization.Add(constants.Store(OnnxTensor.Float([shape[0], shape[1]], codes[i].Scales)));
            quantization.Add(constants.ZerosOfOneWeight(shape[0], shape[1]));
        }
        node.RemoveAttribute("layout");
        editor.SetOperator(node, "DynamicQuantizeLSTM", ContribDomain);
        editor.SetInputs(node, inputs.Concat(quantization));
        return node;
    }

    /// <summary>Stores <c>[batch, rows, columns]</c> as <c>[batch, columns, rows]</c>.</summary>
    private string StoreTransposed(QuantizedWeight weight, long batch, long rows, long columns, long[] shape)
    {
        if (weight.Packed is { } fewer)
        {
            string stored = editor.UniqueName("codes");
            editor.AddNode("Transpose", [packed.AddInt8(fewer, weight.Codes.Shape)], [stored]).SetInts("perm", shape.Length == 2 ? [1, 0] : [0, 2, 1]);
            return stored;
        }
        ReadOnlySpan<sbyte> codes = weight.Codes.Values<sbyte>();
        var transposed = new sbyte[codes.Length];
        long matrix = rows * columns;
        for (long start = 0; start < batch * matrix; start += matrix)
            for (long row = 0; row < rows; row++)
                for (long column = 0; column < columns; column++)
                    transposed[start + (column * rows) + row] = codes[(int)(start + (row * columns) + column)];
        return constants.Store(OnnxTensor.Create<sbyte>(OnnxElementType.Int8, shape, transposed));
    }
}
