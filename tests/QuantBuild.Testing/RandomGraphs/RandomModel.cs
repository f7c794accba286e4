using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>A model that nobody designed: operators in chains and branches over values of odd shapes, the same for a seed on every machine.
/// It runs, and small changes of its inputs change its outputs little, so that a wrong rewrite shows.</summary>
/// <param name="Model">The ONNX file.</param>
/// <param name="Inputs">One array per input, sample axis first.</param>
/// <param name="HasFreeBatch">True: the first axis of every input is a batch of any length. False: a sample is a whole input.</param>
/// <param name="Description">Opset and steps, for messages.</param>
internal sealed record RandomModel(byte[] Model, IReadOnlyList<NamedArray> Inputs, bool HasFreeBatch, string Description)
{
    /// <summary>Samples of each input.</summary>
    public const int SampleCount = 8;

    private static readonly (int Weight, string Name, GrowthStep Grow)[] Steps =
    [
        .. LinearSteps.All, .. NormalizationSteps.All, .. ElementwiseSteps.All, .. PatternSteps.All, .. ShapeSteps.All, .. WindowSteps.All,
        .. IntegerSteps.All, .. ControlFlowSteps.All, .. RecurrentSteps.All,
    ];

    /// <summary>Number of steps that the seed asks for.</summary>
    public static int StepCountOf(int seed) => 5 + (int)((uint)seed * 7 % 25);

    /// <param name="seed">Decides everything.</param>
    /// <param name="steps">Only these steps are taken, for finding the few that matter; null: all of them.</param>
    public static RandomModel Of(int seed, IReadOnlySet<int>? steps = null)
    {
        var grower = new GraphGrower(seed);
        var taken = new List<string>();
        for (int step = 0; step < StepCountOf(seed); step++)
            if (steps?.Contains(step) != false)
            {
                grower.Reseed(unchecked((seed * 1009) + step));
                taken.Add($"{step}:{Take(grower)}");
            }
        grower.Reseed(unchecked((seed * 1009) - 1));
        grower.ChooseOutputs();
        return new RandomModel(grower.ToBytes(), grower.Samples(SampleCount), grower.HasFreeBatch, $"opset {grower.Opset}, {string.Join(' ', taken)}");
    }

    /// <summary>Tries steps by chance until one finds values that it can work on.</summary>
    private static string Take(GraphGrower grower)
    {
        int total = Steps.Sum(step => step.Weight);
        for (int attempt = 0; attempt < 200; attempt++)
        {
            int chance = grower.Random.Next(total);
            int index = 0;
            while ((chance -= Steps[index].Weight) >= 0)
                index++;
            if (Steps[index].Grow(grower))
                return Steps[index].Name;
        }
        return "nothing";
    }
}

/// <summary>Adds a few nodes; false when no value suits, and then nothing was added.</summary>
internal delegate bool GrowthStep(GraphGrower grower);

/// <param name="Shape">−1 in front is a free batch; all other dimensions are numbers.</param>
/// <param name="Size">About how far the values are from zero.</param>
internal sealed record GrownValue(string Name, long[] Shape, double Size)
{
    public const long Batch = -1;

    public int Rank => Shape.Length;

    public bool HasBatch => Rank > 0 && Shape[0] == Batch;

    /// <summary>The first axis that steps may change.</summary>
    public int FirstAxis => HasBatch ? 1 : 0;

    /// <summary>Elements, of one sample when the batch is free.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => product * Math.Abs(dimension));
}
