using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>Products by a constant matrix, in float and by its packed codes.</summary>
internal static class PackedProducts
{
    private const int UsualBlock = 32;

    public static IEnumerable<KernelCase> All =>
        from bits in new[] { 2, 4, 8 }
        from level in new[] { 1, 4 }
        from size in Sizes
        where KernelNames.PackedProductOf(bits, level, size.Block) == KernelNames.PackedProductOf(bits, level, UsualBlock)
        select Product(bits, level, size.Rows, size.K, size.N, size.Block);

    private static IEnumerable<(int Rows, int K, int N, int Block)> Sizes =>
    [
        .. from rows in new[] { 1, 4, 16, 64, 128 }
           from size in new (int K, int N)[] { (128, 128), (256, 512), (384, 1536), (768, 768), (1024, 1024) }
           select (rows, size.K, size.N, UsualBlock),
        .. from rows in new[] { 1, 16, 128 }
           from block in new[] { 16, 64, 128 }
           from size in new (int K, int N)[] { (256, 512), (768, 768) }
           select (rows, size.K, size.N, block),
    ];

    private static KernelCase Product(int bits, int level, int rows, int k, int n, int block)
    {
        KernelWork floats = Both(MatrixWork.WithConstant(rows, k, n), MatrixWork.WithConstant(rows, n, k));
        KernelWork packed = Both(MatrixWork.WithPacked(rows, k, n, block), MatrixWork.WithPacked(rows, n, k, block));
        return new KernelCase(
            KernelNames.PackedProductOf(bits, level, block),
            [rows, k],
            pairs => Build(pairs, false),
            pairs => Build(pairs, true),
            floats,
            packed);

        byte[] Build(int pairs, bool isPacked)
        {
            ModelBuilder model = new ModelBuilder(17).Domain("com.microsoft", 1).Input("x", $"{rows},{k}").Output("y");
            string last = "x";
            for (int i = 0; i < pairs; i++)
            {
                last = Link(last, $"a{i}", k, n);
                last = Link(last, $"b{i}", n, k);
            }
            return model.Node("Identity", last, "y").ToBytes();

            string Link(string input, string name, int from, int to)
            {
                string output = $"{name}y";
                if (!isPacked)
                {
                    float span = MathF.Sqrt(3f / from);
                    model.Initializer(name, SeededValues.Tensor(name, -span, span, from, to)).Node("MatMul", $"{input} {name}", output);
                    return output;
                }
                int blocks = (from + block - 1) / block;
                byte[] codes = new byte[(long)to * blocks * block * bits / 8];
                new Random(name.Length).NextBytes(codes);
                float[] scales = new float[to * blocks];
                Array.Fill(scales, 4 / (MathF.Sqrt(from) * (1 << bits)));
                model.Initializer(name, OnnxTensor.Wrap(OnnxElementType.UInt8, [to, blocks, block * bits / 8], codes))
                    .Initializer($"{name}s", OnnxTensor.Float([scales.Length], scales))
                    .Node(
                        "MatMulNBits", $"{input} {name} {name}s", output, ("domain", "com.microsoft"),
                        ("K", from), ("N", to), ("bits", bits), ("block_size", block), ("accuracy_level", level));
                return output;
            }
        }
    }

    /// <summary>Two nodes, of which each is taken for half of both.</summary>
    private static KernelWork Both(KernelWork first, KernelWork second) => new(
        first.MultiplyAdds + second.MultiplyAdds,
        first.Inputs + second.Inputs,
        first.Outputs + second.Outputs,
        first.Gathered + second.Gathered,
        first.Pieces + second.Pieces,
        first.Weights + second.Weights)
    { Nodes = 2 };
}
