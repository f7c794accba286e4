using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting.LowBits;

/// <summary>The bytes that are written, read by a decoder of their own: every code is found by its bits alone.</summary>
[TestClass]
public sealed class LowBitRewriterTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void Folded_Bytes_HoldTheCodesWithoutGaps(int bits)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [16, 9], new ChannelAxes(0), bits);
        OnnxGraph graph = Rewrite(Product([16, 9], transposed: true), LowBitForm.Folded, weight).Graph;

        var codes = new int[weight.Codes.Length];
        int lowest = bits;
        foreach (OnnxTensor part in Tensors(graph).Where(tensor => tensor.ElementType == OnnxElementType.UInt8 && tensor.Shape is [1, > 8] or [> 8]))
        {
            int width = (int)(8 * part.Length / codes.Length);
            lowest -= width;
            for (int i = 0; i < codes.Length; i++)
                for (int bit = 0; bit < width; bit++)
                {
                    int position = (int)(i / part.Length * width) + bit;
                    codes[i] |= ((part.Bytes[(int)(i % part.Length)] >> position) & 1) << (lowest + bit);
                }
        }
        Assert.AreEqual(0, lowest, "All bits are there, and none twice.");
        CollectionAssert.AreEqual(weight.Codes.Select(code => (int)code).ToArray(), codes);
    }

    [TestMethod]
    [DataRow(2, 16, GridKind.Symmetric)]
    [DataRow(2, 32, GridKind.Asymmetric)]
    [DataRow(4, 0, GridKind.Asymmetric)]
    [DataRow(4, 48, GridKind.Symmetric)]
    [DataRow(8, 64, GridKind.Asymmetric)]
    [DataRow(8, 256, GridKind.Symmetric)]
    public void MatMulNBits_Bytes_HoldTheValues(int bits, int block, object kind)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [83, 5], new ChannelAxes(1), bits, block, (GridKind)kind);
        OnnxGraph graph = Rewrite(Product([83, 5]), LowBitForm.MatMulNBits, weight).Graph;

        OnnxNode node = graph.Nodes.Single();
        Assert.AreEqual(("MatMulNBits", "com.microsoft"), (node.OpType, node.Domain));
        int size = (int)node.GetInt("block_size", 0);
        int blocks = (83 + size - 1) / size;
        OnnxTensor codes = graph.InitializerOf(node.Inputs[1])!;
        CollectionAssert.AreEqual(new long[] { 5, blocks, size * bits / 8 }, codes.Shape.ToArray());
        CollectionAssert.AreEqual(new long[] { 83, 5, bits, 4 }, new[] { "K", "N", "bits", "accuracy_level" }.Select(name => node.GetInt(name, -1)).ToArray());
        ReadOnlySpan<float> scales = graph.InitializerOf(node.Inputs[2])!.Floats;
        byte[]? zeros = graph.InitializerOf(node.Input(3))?.Bytes.ToArray();
        Assert.AreEqual(((GridKind)kind).HasFlag(GridKind.Asymmetric), zeros is not null);
        float[] expected = weight.ToTensor();
        for (int output = 0; output < 5; output++)
            for (int input = 0; input < 83; input++)
            {
                int scale = (output * blocks) + (input / size);
                int zero = zeros is null ? 1 << (bits - 1) : Code(zeros.AsSpan(output * (((blocks * bits) + 7) / 8)), input / size, bits);
                int code = Code(codes.Bytes[(output * blocks * size * bits / 8)..], input, bits);
                Assert.AreEqual(expected[(input * 5) + output], (code - zero) * scales[scale], $"[{input}, {output}]");
            }
    }

    [TestMethod]
    [DataRow(2, 16, GridKind.Asymmetric)]
    [DataRow(4, 0, GridKind.Symmetric)]
    [DataRow(4, 32, GridKind.Asymmetric)]
    [DataRow(8, 16, GridKind.Symmetric)]
    public void GatherBlockQuantized_Bytes_HoldTheValues(int bits, int block, object kind)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [7, 44], new ChannelAxes(0), bits, block, (GridKind)kind);
        OnnxGraph graph = Rewrite(
            new ModelBuilder().Input("x", "n", OnnxElementType.Int64).Output("y").Weights("w", 7, 44).Node("Gather", "w x", "y"),
            LowBitForm.GatherBlockQuantized, weight).Graph;

        OnnxNode node = graph.Nodes.Single();
        int size = (int)node.GetInt("block_size", 0);
        int blocks = (44 + size - 1) / size;
        OnnxTensor codes = graph.InitializerOf(node.Inputs[0])!;
        CollectionAssert.AreEqual(new long[] { 7, 44 * bits / 8 }, codes.Shape.ToArray());
        OnnxTensor scales = graph.InitializerOf(node.Inputs[2])!;
        CollectionAssert.AreEqual(new long[] { 7, blocks }, scales.Shape.ToArray());
        byte[]? zeros = graph.InitializerOf(node.Input(3))?.Bytes.ToArray();
        float[] expected = weight.ToTensor();
        for (int row = 0; row < 7; row++)
            for (int column = 0; column < 44; column++)
            {
                int zero = zeros is null ? 1 << (bits - 1) : Code(zeros.AsSpan(row * (((blocks * bits) + 7) / 8)), column / size, bits);
                int code = Code(codes.Bytes[(row * 44 * bits / 8)..], column, bits);
                Assert.AreEqual(expected[(row * 44) + column], (code - zero) * scales.Floats[(row * blocks) + (column / size)]);
            }
    }

    [TestMethod]
    [DataRow(4, GridKind.Symmetric, OnnxElementType.Int4)]
    [DataRow(4, GridKind.Asymmetric, OnnxElementType.UInt4)]
    [DataRow(8, GridKind.Symmetric, OnnxElementType.Int8)]
    [DataRow(8, GridKind.Asymmetric, OnnxElementType.UInt8)]
    public void BlockedDequantize_Bytes_HoldTheValues(int bits, object kind, object type)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [64, 5], new ChannelAxes(1), bits, 32, (GridKind)kind);
        OnnxModel model = Rewrite(Product([64, 5], opset: 21), LowBitForm.BlockedDequantize, weight);

        OnnxNode node = model.Graph.Nodes[0];
        Assert.AreEqual(("DequantizeLinear", 0L, 32L), (node.OpType, node.GetInt("axis", -1), node.GetInt("block_size", 0)));
        OnnxTensor codes = Packed(model, node.Inputs[0]);
        Assert.AreEqual((OnnxElementType)type, codes.ElementType);
        OnnxTensor? zeros = node.Input(2) is { } name ? Packed(model, name) : null;
        ReadOnlySpan<float> scales = model.Graph.InitializerOf(node.Inputs[1])!.Floats;
        float[] expected = weight.ToTensor();
        int sign = zeros is null ? 1 << (bits - 1) : 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int block = (i / 5 / 32 * 5) + (i % 5);
            int zero = zeros is null ? 0 : Code(zeros.Bytes, block, bits);
            int code = (Code(codes.Bytes, i, bits) ^ sign) - sign;
            Assert.AreEqual(expected[i], (code - zero) * scales[block]);
        }
    }

    [TestMethod]
    [DataRow(LowBitForm.Folded)]
    [DataRow(LowBitForm.MatMulNBits)]
    [DataRow(LowBitForm.BlockedDequantize)]
    public void Rewrite_Twice_GivesTheSameBytes(object form)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [64, 5], new ChannelAxes(1), 4, 32, GridKind.Asymmetric);

        CollectionAssert.AreEqual(
            Rewrite(Product([64, 5]), (LowBitForm)form, weight).ToBytes(), Rewrite(Product([64, 5]), (LowBitForm)form, weight).ToBytes());
    }

    [TestMethod]
    public void Rewrite_Opset_IsRaisedOnlyForBlocks()
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [64, 5], new ChannelAxes(1), 4, 32);

        Assert.AreEqual(17, Rewrite(Product([64, 5]), LowBitForm.Folded, weight).Opset);
        Assert.AreEqual(17, Rewrite(Product([64, 5]), LowBitForm.MatMulNBits, weight).Opset);
        Assert.AreEqual(21, Rewrite(Product([64, 5]), LowBitForm.BlockedDequantize, weight).Opset);
    }

    [TestMethod]
    public void Rewrite_SmallWeights_ShareTheNodesThatUnpackThem()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "n,24").Output("y");
        var weights = new List<(string, LowBitWeight)>();
        for (int i = 0; i < 10; i++)
        {
            weights.Add(($"w{i}", LowBitSamples.Weight($"w{i}", [24, 24], new ChannelAxes(1), 3)));
            builder.Weights($"w{i}", 24, 24).Node("MatMul", i == 0 ? "x w0" : $"v{i - 1} w{i}", i == 9 ? "y" : $"v{i}");
        }

        OnnxGraph graph = Rewrite(builder, LowBitForm.Folded, [.. weights]).Graph;

        Assert.AreEqual(10, graph.Nodes.Single(node => node.OpType == "Split").Outputs.Count);
        Assert.AreEqual(5, graph.Nodes.Count(node => node.OpType == "BitShift"));
        Assert.AreEqual(30, graph.Nodes.Count(node => node.OpType is "Reshape" or "Mul" or "MatMul") - 2);
    }

    [TestMethod]
    [DataRow(20, GridKind.Symmetric, OnnxElementType.Float16)]
    [DataRow(10, GridKind.Symmetric, OnnxElementType.Float)]
    public void Rewrite_ScalesThatAreHalves_AreStoredAsSuchWhenThatIsSmaller(int channels, object kind, object type)
    {
        LowBitWeight weight = LowBitSamples.Weight("w", [8, channels], new ChannelAxes(1), 4, 0, (GridKind)kind | GridKind.HalfScales);

        Assert.IsTrue(Tensors(Rewrite(Product([8, channels]), LowBitForm.Folded, weight).Graph)
            .Any(tensor => tensor.ElementType == (OnnxElementType)type && tensor.Length == channels));
    }

    private static ModelBuilder Product(long[] shape, bool transposed = false, int opset = 17) =>
        new ModelBuilder(opset).Input("x", $"n,{shape[transposed ? 1 : 0]}").Output("y").Weights("w", shape)
            .Node(transposed ? "Gemm" : "MatMul", "x w", "y", transposed ? [("transB", 1)] : []);

    private static OnnxModel Rewrite(ModelBuilder builder, LowBitForm form, LowBitWeight weight) => Rewrite(builder, form, ("w", weight));

    private static OnnxModel Rewrite(ModelBuilder builder, LowBitForm form, params (string Name, LowBitWeight Weight)[] weights)
    {
        OnnxModel model = builder.Build();
        OnnxModel clone = model.Clone();
        var plan = new LowBitStorage(weights.ToDictionary(
            weight => new ConstantKey(model.Graph, weight.Name), weight => new LowBitConstant(weight.Weight, form)));
        LowBitRewriter.Rewrite(model.Graph, clone, new PlannedNodeMap(model.Graph, clone.Graph), plan, new Dictionary<ConstantKey, OnnxTensor>(), null);
        return clone;
    }

    private static IEnumerable<OnnxTensor> Tensors(OnnxGraph graph) => graph.InitializerNames.Select(name => graph.InitializerOf(name)!);

    private static OnnxTensor Packed(OnnxModel model, string name) =>
        OnnxTensor.FromProto(model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name), packed: true)!;

    private static int Code(ReadOnlySpan<byte> packed, int index, int bits)
    {
        int code = 0;
        for (int bit = 0; bit < bits; bit++)
            code |= ((packed[((index * bits) + bit) / 8] >> (((index * bits) + bit) % 8)) & 1) << bit;
        return code;
    }
}
