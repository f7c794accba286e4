using QuantBuild.Placement.Costs;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>The sizes at which kernels are timed: those of mobile, residual and transformer nets.</summary>
internal static class KernelCases
{
    public static IEnumerable<KernelCase> All =>
        [.. Convolutions, .. MatrixProducts, .. PackedProducts.All, .. DynamicKernels.All, .. ConvolutionNeighbours.All, .. Elementwise];

    private static IEnumerable<KernelCase> Convolutions =>
    [
        .. from size in new (int Channels, int Side)[] { (8, 56), (16, 28), (24, 56), (32, 14), (32, 56), (64, 7), (64, 28), (96, 14), (128, 14), (256, 7) }
           select Convolution(KernelNames.Convolution, size.Channels, size.Channels, size.Side, kernel: 3, groups: 1),
        .. from size in new (int Narrow, int Wide, int Side)[] { (1, 16, 28), (3, 16, 56), (3, 32, 64), (8, 16, 28), (32, 64, 14) }
           select Convolution(KernelNames.Convolution, size.Narrow, size.Wide, size.Side, kernel: 3, groups: 1),
        .. from size in new (int Channels, int Side)[] { (16, 14), (48, 14) }
           select Convolution(KernelNames.Convolution, size.Channels, size.Channels, size.Side, kernel: 5, groups: 1),
        .. from size in new (int Narrow, int Wide, int Side)[]
           {
               (8, 24, 56), (16, 16, 28), (16, 96, 56), (24, 72, 28), (24, 144, 14), (32, 32, 7), (32, 192, 28), (48, 48, 24), (64, 64, 14), (64, 384, 14),
               (96, 192, 7), (128, 128, 28), (160, 960, 7), (256, 512, 3), (384, 64, 1), (960, 240, 1),
           }
           select Convolution(KernelNames.Pointwise, size.Narrow, size.Wide, size.Side, kernel: 1, groups: 1),
        .. from size in new (int Channels, int Side, int Kernel)[]
           {
               (16, 56, 3), (24, 14, 3), (32, 7, 3), (32, 112, 3), (96, 28, 3), (144, 14, 3), (192, 28, 3), (384, 7, 3), (384, 14, 3),
               (72, 28, 5), (120, 14, 5), (672, 7, 5), (28, 64, 5), (48, 16, 3), (16, 16, 3), (88, 8, 5), (120, 4, 5), (144, 4, 5), (96, 4, 3),
           }
           select Convolution(KernelNames.Depthwise, size.Channels, size.Channels, size.Side, size.Kernel, groups: size.Channels),
        .. from size in new (int Channels, int Length, int Kernel)[] { (16, 100, 3), (24, 40, 5), (32, 400, 3), (64, 50, 3), (64, 200, 5), (128, 100, 3), (256, 25, 3) }
           select Convolution(KernelNames.AlongOneAxis + KernelNames.Convolution, size.Channels, size.Channels, size.Length, size.Kernel, groups: 1, axes: 1),
        .. from size in new (int Narrow, int Wide, int Length)[] { (16, 32, 100), (40, 80, 40), (64, 64, 400), (64, 256, 50), (256, 512, 25) }
           select Convolution(KernelNames.AlongOneAxis + KernelNames.Pointwise, size.Narrow, size.Wide, size.Length, kernel: 1, groups: 1, axes: 1),
        .. from size in new (int Channels, int Length, int Kernel)[] { (16, 100, 3), (40, 40, 9), (64, 400, 3), (128, 50, 5), (256, 100, 31) }
           select Convolution(KernelNames.AlongOneAxis + KernelNames.Depthwise, size.Channels, size.Channels, size.Length, size.Kernel, groups: size.Channels, axes: 1),
    ];

    private static IEnumerable<KernelCase> MatrixProducts =>
    [
        .. from rows in new[] { 1, 4, 16, 49, 128, 512 }
           from size in new (int K, int N)[] { (32, 64), (128, 128), (128, 512), (384, 384), (384, 1536), (768, 768) }
           where (long)rows * size.K * size.N < 160_000_000
           select MatrixProduct(rows, size.K, size.N),
        .. from size in new (int Batch, int Rows, int Depth)[] { (4, 49, 32), (12, 40, 32), (12, 128, 64), (8, 16, 64), (2, 128, 128), (64, 16, 32) }
           select ProductOfActivations(size.Batch, size.Rows, size.Depth),
    ];

    private static IEnumerable<KernelCase> Elementwise =>
    [
        .. from size in Sizes select Plain(KernelNames.Add, size, (chain, beside) => chain.Link("Add", [chain.Last, beside]), inputs: 2),
        .. from size in Sizes select Plain(KernelNames.Mul, size, (chain, beside) => chain.Link("Mul", [chain.Last, beside]), inputs: 2),
        .. from size in Sizes select Plain(KernelNames.Sigmoid, size, (chain, _) => chain.Link("Sigmoid", [chain.Last]), inputs: 1),
        .. from size in Sizes select Plain(KernelNames.LeakyRelu, size, (chain, _) => chain.Link("LeakyRelu", [chain.Last]), inputs: 1),
        .. from size in Sizes select Plain(KernelNames.Softmax, size, (chain, _) => chain.Link("Softmax", [chain.Last], ("axis", -1)), inputs: 1),
        .. from size in Sizes select Plain(KernelNames.Border, size, (chain, _) => chain.Link("Neg", [chain.Last]), inputs: 1),
        .. from size in Sizes select Plain(KernelNames.Copy, size, Halves, inputs: 2),
    ];

    /// <summary>Splits and joins: two copies.</summary>
    private static void Halves(ChainBuilder chain, string beside)
    {
        string[] halves = chain.Split(chain.Last);
        chain.Link("Concat", [chain.Pair(halves[0]), chain.Pair(halves[1])], ("axis", 1));
    }

    private static IReadOnlyList<long[]> Sizes => [[1, 16, 8, 8], [1, 64, 18, 18], [1, 192, 28, 28]];

    private static KernelCase Convolution(string name, int narrow, int wide, int side, int kernel, int groups, int axes = 2)
    {
        long[] spatial = [.. Enumerable.Repeat((long)side, axes)];
        long[] window = [.. Enumerable.Repeat((long)kernel, axes)];
        int[] pads = [.. Enumerable.Repeat(kernel / 2, 2 * axes)];
        double positions = Math.Pow(side, axes);
        double taps = Math.Pow(kernel, axes);
        KernelWork[] integer = [ConvolutionWork.Integer(narrow, wide, positions, positions, taps, groups), ConvolutionWork.Integer(wide, narrow, positions, positions, taps, groups)];
        KernelWork[] floats = axes == 1
            ? integer
            : [ConvolutionWork.Float(narrow, wide, positions, positions, taps, groups), ConvolutionWork.Float(wide, narrow, positions, positions, taps, groups)];
        return new KernelCase(
            name,
            [1, narrow, .. spatial],
            pairs => Build(pairs, false),
            pairs => Build(pairs, true),
            Twice(floats[0], floats[1]),
            Twice(integer[0], integer[1]));

        byte[] Build(int pairs, bool isInteger)
        {
            var chain = new ChainBuilder(isInteger, [1, narrow, .. spatial]);
            for (int i = 0; i < pairs; i++)
            {
                Link(narrow, wide);
                Link(wide, narrow);
            }
            return chain.Build();

            void Link(int from, int to) => chain.Link(
                "Conv",
                [chain.Last, chain.Weight(0, [to, from / groups, .. window]), chain.Bias(to)],
                ("pads", pads),
                ("group", groups));
        }
    }

    private static KernelCase MatrixProduct(int rows, int k, int n)
    {
        byte[] Build(int pairs, bool integer)
        {
            var chain = new ChainBuilder(integer, [rows, k]);
            for (int i = 0; i < pairs; i++)
            {
                chain.Link("Gemm", [chain.Last, chain.Weight(1, k, n), chain.Bias(n)]);
                chain.Link("Gemm", [chain.Last, chain.Weight(1, n, k), chain.Bias(k)]);
            }
            return chain.Build();
        }

        KernelWork there = MatrixWork.WithConstant(rows, k, n);
        KernelWork back = MatrixWork.WithConstant(rows, n, k);
        return new KernelCase(
            KernelNames.MatrixProduct, [rows, k], pairs => Build(pairs, false), pairs => Build(pairs, true), Twice(there, back), Twice(there, back));
    }

    private static KernelCase ProductOfActivations(int batch, int rows, int depth)
    {
        byte[] Build(int pairs, bool integer)
        {
            var chain = new ChainBuilder(integer, [batch, rows, depth]);
            string transposed = chain.Pair(chain.Node("Transpose", ["x"], ("perm", new[] { 0, 2, 1 })));
            string beside = chain.Beside("x");
            for (int i = 0; i < pairs; i++)
            {
                chain.Link("MatMul", [chain.Last, transposed]);
                chain.Link("MatMul", [chain.Last, beside]);
            }
            return chain.Build();
        }

        KernelWork there = MatrixWork.OfActivations(batch, rows, depth, rows);
        KernelWork back = MatrixWork.OfActivations(batch, rows, rows, depth);
        return new KernelCase(
            KernelNames.ProductOfActivations, [batch, rows, depth], pairs => Build(pairs, false), pairs => Build(pairs, true), Twice(there, back), Twice(there, back));
    }

    /// <summary>Two nodes, of which each is taken for half of both.</summary>
    private static KernelWork Twice(KernelWork first, KernelWork second) => new(
        first.MultiplyAdds + second.MultiplyAdds,
        first.Inputs + second.Inputs,
        first.Outputs + second.Outputs,
        first.Gathered + second.Gathered,
        first.Pieces + second.Pieces,
        first.Weights + second.Weights)
    { Nodes = 2 };

    private static KernelCase Plain(string name, long[] shape, Action<ChainBuilder, string> link, int inputs)
    {
        double elements = shape.Aggregate(1.0, (product, dimension) => product * dimension);
        KernelWork work = KernelWork.Elements(inputs * elements, elements);
        return new KernelCase(name, shape, n => Build(n, false), n => Build(n, true), work, work);

        byte[] Build(int count, bool integer)
        {
            var chain = new ChainBuilder(integer, shape);
            string beside = chain.Beside("x");
            for (int i = 0; i < count; i++)
                link(chain, beside);
            return chain.Build();
        }
    }
}
