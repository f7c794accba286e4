using QuantBuild.Placement.Costs;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>Nodes between convolutions: the chains have equally many convolutions, and only some of them are followed by the node.</summary>
internal static class ConvolutionNeighbours
{
    /// <summary>As many as the longest chain has nodes.</summary>
    private const int Convolutions = 7;

    private static readonly (int Channels, int Side)[] Sizes = [(32, 8), (64, 14), (32, 28), (96, 28), (32, 56), (72, 14), (24, 56), (16, 32), (24, 64), (48, 32), (40, 28), (24, 16)];

    public static IEnumerable<KernelCase> All =>
    [
        .. Cases(KernelNames.Add, (chain, beside) => chain.Link("Add", [chain.Last, beside]), 2),
        .. Cases(KernelNames.Mul, (chain, beside) => chain.Link("Mul", [chain.Last, beside]), 2),
        .. Cases(KernelNames.Sigmoid, (chain, _) => chain.Link("Sigmoid", [chain.Last]), 1),
        .. Cases(KernelNames.LeakyRelu, (chain, _) => chain.Link("LeakyRelu", [chain.Last]), 1),
        .. Cases(KernelNames.HardSigmoid, (chain, _) => chain.Link("HardSigmoid", [chain.Last]), 1),
        .. Cases(KernelNames.HardSwish, HardSwish, 1),
        .. Cases(KernelNames.MaxPool, (chain, _) => Pool(chain, "MaxPool"), 1),
        .. Cases(KernelNames.AveragePool, (chain, _) => Pool(chain, "AveragePool"), 1),
        .. Cases(KernelNames.Copy, Halves, 2),
        .. Cases(KernelNames.GlobalAveragePool, Gate, 1),
        .. Sizes.Select(Seams),
    ];

    /// <summary>As many convolutions in float as in integers, first those and then these, against the same in turns.</summary>
    private static KernelCase Seams((int Channels, int Side) size)
    {
        long[] shape = [1, size.Channels, size.Side, size.Side];
        KernelWork work = KernelWork.Layout(shape.Aggregate(1.0, (product, dimension) => product * dimension), size.Channels, size.Side * size.Side);
        return new KernelCase(
            KernelNames.BehindConvolution + KernelNames.Seam, shape, count => Build(count, inTurns: false), count => Build(count, inTurns: true), work, work)
        {
            IsSurcharge = true,
        };

        byte[] Build(int count, bool inTurns)
        {
            var chain = new ChainBuilder(integer: false, shape);
            bool[] forms = [.. Enumerable.Range(0, 2 * count).Select(i => inTurns ? i % 2 == 1 : i >= count)];
            foreach (bool integer in forms)
            {
                if (integer && !chain.IsInteger)
                {
                    chain.IsInteger = true;
                    chain.Last = chain.Pair(chain.Last);
                }
                chain.IsInteger = integer;
                string convolved = Convolve(chain, chain.Last, size.Channels);
                // As shipped files have it, where the runtime would quantize the float weights by itself.
                chain.Last = integer ? chain.Pair(convolved) : chain.Node("LeakyRelu", [convolved], ("alpha", 1f));
            }
            return chain.Build();
        }
    }

    private static void HardSwish(ChainBuilder chain, string beside)
    {
        string gate = chain.Node("HardSigmoid", [chain.Last], ("alpha", 1f / 6));
        chain.Link("Mul", [chain.Last, gate]);
    }

    private static void Halves(ChainBuilder chain, string beside)
    {
        string[] halves = chain.Split(chain.Last);
        chain.Link("Concat", [chain.Pair(halves[0]), chain.Pair(halves[1])], ("axis", 1));
    }

    /// <summary>The average, and its product with every position: squeeze and excite without the layers between.</summary>
    private static void Gate(ChainBuilder chain, string beside) =>
        chain.Link("Mul", [chain.Last, chain.Pair(chain.Node("GlobalAveragePool", [chain.Last]))]);

    private static void Pool(ChainBuilder chain, string opType) =>
        chain.Link(opType, [chain.Last], ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }));

    private static IEnumerable<KernelCase> Cases(string name, Action<ChainBuilder, string> link, int inputs) =>
        Sizes.Select(size =>
        {
            long[] shape = [1, size.Channels, size.Side, size.Side];
            double elements = shape.Aggregate(1.0, (product, dimension) => product * dimension);
            KernelWork work = KernelWork.Layout(elements, size.Channels, size.Side * size.Side, inputs);
            return new KernelCase(KernelNames.BehindConvolution + name, shape, n => Build(n, false), n => Build(n, true), work, work);

            byte[] Build(int count, bool integer)
            {
                var chain = new ChainBuilder(integer, shape);
                // Another branch that ends in a convolution, as residual blocks have it.
                string beside = chain.Pair(Convolve(chain, chain.Last, size.Channels));
                for (int i = 0; i < Convolutions; i++)
                {
                    chain.Last = chain.Pair(Convolve(chain, chain.Last, size.Channels));
                    if (i < count)
                        link(chain, beside);
                }
                return chain.Build();
            }
        });

    private static string Convolve(ChainBuilder chain, string value, int channels) =>
        chain.Node("Conv", [value, chain.Weight(0, channels, channels, 1, 1), chain.Bias(channels)]);
}
