using System.Runtime.ExceptionServices;
using QuantBuild.Differentiation;
using QuantBuild.Onnx;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Learns the weights of a block in few bits, with its scales and biases, such that its output is what the float model has (Li and others 2021).</summary>
/// <remarks>A batch is taken apart into shards of some samples. Each shard is run on one thread, and what they find is added up in their order, so
/// that the number of threads changes no bit.</remarks>
internal sealed class BlockReconstructor
{
    /// <summary>Samples that one run takes: few enough to stay in a cache, and a batch gives work to several threads.</summary>
    private const int ShardSamples = 8;

    /// <summary>Power of the difference between this forward pass and the runtime's, over the power of the values; rounding gives less by far.</summary>
    private const double MostDeviation = 1e-4;

    /// <summary>Channels of a weight that one thread rounds at a time.</summary>
    private const int TileChannels = 16;

    private readonly Block block;
    private readonly BlockSettings settings;
    private readonly ParallelOptions options;
    private readonly NodeProgram program;
    private readonly IReadOnlyDictionary<string, DenseTensor> original;
    private readonly IReadOnlySet<string> lowBit;
    private readonly OnnxGraph graph;
    private readonly IReadOnlyDictionary<string, LearnedWeight> weights;
    private readonly Dictionary<string, DenseTensor> constants = new(StringComparer.Ordinal);

    /// <param name="lowBit">All weights in few bits that the block reads, by initializer.</param>
    /// <param name="changed">Constants that were learned before, by initializer.</param>
    /// <param name="activations">Values of the block that are read rounded.</param>
    /// <exception cref="NotDifferentiableException">A node of the block has no gradient.</exception>
    public BlockReconstructor(
        Block block,
        OnnxGraph graph,
        IReadOnlyDictionary<string, LowBitWeight> lowBit,
        IReadOnlyDictionary<string, float[]> changed,
        BlockSettings settings,
        IReadOnlyDictionary<string, ActivationGrid>? activations = null)
    {
        this.block = block;
        this.graph = graph;
        this.settings = settings;
        this.lowBit = lowBit.Keys.ToHashSet(StringComparer.Ordinal);
        options = new ParallelOptions { MaxDegreeOfParallelism = settings.MaximumThreads };
        program = NodeProgram.Of(block.Nodes, graph, block.Inputs, block.Output, activations);
        original = program.Constants;
        weights = block.Weights.ToDictionary(
            name => name, name => new LearnedWeight(lowBit[name], original[name].Values, original[name].Shape), StringComparer.Ordinal);
        foreach ((string name, DenseTensor tensor) in original)
            constants.Add(name, weights.TryGetValue(name, out LearnedWeight? learned) ? learned.Tensor
                : lowBit.TryGetValue(name, out LowBitWeight? fix) ? new DenseTensor(tensor.Shape, fix.ToTensor())
                : changed.TryGetValue(name, out float[]? values) ? new DenseTensor(tensor.Shape, values)
                : tensor);
    }

    /// <exception cref="NotDifferentiableException">The values have shapes for which the block cannot be run.</exception>
    public BlockResult Learn(BlockRows rows, CancellationToken cancellation = default)
    {
        IReadOnlyList<LearnedConstant> free = ChooseConstants(rows);
        foreach (LearnedConstant constant in free)
            constants[constant.Name] = constant.Tensor;
        string[] learned = [.. weights.Keys.Order(StringComparer.Ordinal), .. free.Select(constant => constant.Name)];
        ProgramRun[] runs = MakeRuns(learned);
        RoundWeights();
        double errorBefore = ErrorOf(rows, runs);
        BlockResult before = ToResult(free, errorBefore, errorBefore);

        var order = new SampleOrder(rows.Count, settings.Seed);
        var samples = new int[Math.Min(settings.BatchSize, rows.Count)];
        float unit = (float)(2 / (rows.Power * samples.Length * rows.Target.Length));
        var sums = learned.ToDictionary(name => name, name => new float[constants[name].Length], StringComparer.Ordinal);
        for (int iteration = 0; iteration < settings.Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            order.Next(samples);
            ulong seed = Numerics.SplitMix.Mix(settings.Seed + (ulong)iteration);
            ForEachShard(0, ShardsOf(samples.Length), shard => Run(rows, ShardOf(samples, shard), runs[shard], seed + (ulong)shard, unit));
            foreach (string name in learned)
                AddUp(runs, ShardsOf(samples.Length), name, sums[name]);
            float part = Cosine((float)iteration / settings.Iterations);
            foreach ((string name, LearnedWeight weight) in weights)
            {
                ForEachTile(weight, (first, end) => weight.Collect(sums[name], first, end));
                weight.Step(settings.WeightRate * part, settings.ScaleRate * part);
            }
            foreach (LearnedConstant constant in free)
                constant.Step(sums[constant.Name], part);
            RoundWeights();
        }
        double errorAfter = ErrorOf(rows, runs);
        return errorAfter < errorBefore ? ToResult(free, errorBefore, errorAfter) : before;
    }

    /// <summary>(1 + cos πt) / 2 but for 0.01, and the same bits on every machine.</summary>
    private static float Cosine(float t) => 1 - (t * t * (3 - (2 * t)));

    private IReadOnlyList<LearnedConstant> ChooseConstants(BlockRows rows)
    {
        var run = new ProgramRun(program, original, []);
        DenseTensor[] inputs = [.. block.Inputs.Select(_ => new DenseTensor())];
        (rows with { Quantized = rows.Float }).Fill([.. Enumerable.Range(0, Math.Min(ShardSamples, rows.Count))], inputs, 0, 0);
        run.Forward(inputs);
        CheckLength(run.Output.Values, rows.Target.Length * inputs[0].Shape[0]);
        if (!HasRoundedActivations && DeviationOf(run.Output.Values, rows.Target.Values) > MostDeviation)
            throw new NotDifferentiableException($"'{block.Output}' does not follow from what comes into its block");
        return
        [
            .. FreeConstants.Of(block, graph, lowBit, constants, run, settings.ConstantRate),
            .. constants.Where(constant => !graph.IsConstant(constant.Key)).OrderBy(constant => constant.Key, StringComparer.Ordinal).Select(scale =>
                new LearnedConstant(scale.Key, scale.Value, settings.ActivationRate, scale.Value.Values[0], isPositive: true)),
        ];
    }

    private void CheckLength(ReadOnlySpan<float> output, int length)
    {
        if (output.Length != length)
            throw new NotDifferentiableException($"'{block.Output}' has another shape than the model gives it");
    }

    private bool HasRoundedActivations => constants.Keys.Any(name => !graph.IsConstant(name));

    private static double DeviationOf(ReadOnlySpan<float> values, ReadOnlySpan<float> wanted)
    {
        double power = 0;
        double error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            power += (double)wanted[i] * wanted[i];
            error += ((double)values[i] - wanted[i]) * ((double)values[i] - wanted[i]);
        }
        return error / Math.Max(power, float.Epsilon);
    }

    private ProgramRun[] MakeRuns(string[] learned) =>
        [.. Enumerable.Range(0, ShardsOf(settings.BatchSize)).Select(_ => new ProgramRun(program, constants, learned))];

    private void Run(BlockRows rows, ReadOnlySpan<int> samples, ProgramRun run, ulong seed, float unit)
    {
        DenseTensor[] inputs = InputsOf(run);
        rows.Fill(samples, inputs, settings.FloatInputShare, seed);
        ReadOnlySpan<float> output = run.Forward(inputs, seed | 1).Values;
        var gradient = new float[output.Length];
        int length = rows.Target.Length;
        CheckLength(output, length * samples.Length);
        for (int i = 0; i < gradient.Length; i++)
        {
            int element = (samples[i / length] * length) + (i % length);
            gradient[i] = (output[i] - rows.Target.Values[element]) * rows.ImportanceOf(element) * unit;
        }
        run.Backward(gradient);
    }

    /// <summary>Mean of the weighted squared error, as a part of the power of the target.</summary>
    private double ErrorOf(BlockRows rows, ProgramRun[] runs)
    {
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        int length = rows.Target.Length;
        var errors = new double[ShardsOf(rows.Count)];
        for (int first = 0; first < errors.Length; first += runs.Length)
            ForEachShard(first, Math.Min(first + runs.Length, errors.Length), shard =>
            {
                ReadOnlySpan<int> samples = ShardOf(all, shard);
                ProgramRun run = runs[shard - first];
                DenseTensor[] inputs = InputsOf(run);
                rows.Fill(samples, inputs, 0, 0);
                ReadOnlySpan<float> output = run.Forward(inputs).Values;
                CheckLength(output, length * samples.Length);
                for (int i = 0; i < output.Length; i++)
                {
                    int element = (samples[0] * length) + i;
                    double difference = output[i] - rows.Target.Values[element];
                    errors[shard] += difference * difference * rows.ImportanceOf(element);
                }
            });
        return errors.Sum() / rows.Target.Values.Length / rows.Power;
    }

    /// <exception cref="NotDifferentiableException">The last shard, which may be shorter, has another shape than the block can be run for.</exception>
    private void ForEachShard(int first, int end, Action<int> body)
    {
        try
        {
            Parallel.For(first, end, options, body);
        }
        catch (AggregateException all) when (all.InnerExceptions.All(inner => inner is NotDifferentiableException))
        {
            ExceptionDispatchInfo.Throw(all.InnerExceptions.MinBy(inner => inner.Message, StringComparer.Ordinal)!);
        }
    }

    private DenseTensor[] InputsOf(ProgramRun run) => [.. block.Inputs.Select(run.ValueOf)];

    private void RoundWeights()
    {
        foreach (LearnedWeight weight in weights.Values)
            ForEachTile(weight, weight.Round);
    }

    private void ForEachTile(LearnedWeight weight, Action<int, int> body) =>
        Parallel.For(0, (weight.Channels + TileChannels - 1) / TileChannels, options, tile =>
            body(tile * TileChannels, Math.Min((tile + 1) * TileChannels, weight.Channels)));

    private static void AddUp(ProgramRun[] runs, int count, string name, Span<float> sums)
    {
        runs[0].GradientOf(name).Values.CopyTo(sums);
        for (int run = 1; run < count; run++)
        {
            ReadOnlySpan<float> own = runs[run].GradientOf(name).Values;
            for (int i = 0; i < sums.Length; i++)
                sums[i] += own[i];
        }
    }

    private BlockResult ToResult(IReadOnlyList<LearnedConstant> free, double errorBefore, double errorAfter) => new(
        weights.ToDictionary(weight => weight.Key, weight => weight.Value.ToWeight(), StringComparer.Ordinal),
        free.Where(constant => graph.IsConstant(constant.Name))
            .ToDictionary(constant => constant.Name, constant => constant.Tensor.Values.ToArray(), StringComparer.Ordinal),
        free.Where(constant => !graph.IsConstant(constant.Name))
            .ToDictionary(constant => constant.Name[..^NodeProgram.ScaleOf("").Length], constant => constant.Tensor.Values[0], StringComparer.Ordinal),
        errorBefore,
        errorAfter);

    private static int ShardsOf(int samples) => (samples + ShardSamples - 1) / ShardSamples;

    private static ReadOnlySpan<int> ShardOf(int[] samples, int shard) =>
        samples.AsSpan(shard * ShardSamples, Math.Min(ShardSamples, samples.Length - (shard * ShardSamples)));
}

/// <param name="Weights">By initializer.</param>
/// <param name="Constants">Biases and factors that have changed, by initializer.</param>
/// <param name="ActivationScales">By value; of those that were read rounded.</param>
/// <param name="ErrorBefore">Power of the output's error over the power of the output, before anything was learned.</param>
/// <param name="ErrorAfter">Not larger.</param>
internal sealed record BlockResult(
    IReadOnlyDictionary<string, LowBitWeight> Weights,
    IReadOnlyDictionary<string, float[]> Constants,
    IReadOnlyDictionary<string, float> ActivationScales,
    double ErrorBefore,
    double ErrorAfter);
