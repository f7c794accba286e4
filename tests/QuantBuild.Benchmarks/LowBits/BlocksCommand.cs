using System.Diagnostics;
using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Data;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>What learning blocks gains over the nearest codes, with activations in float: the error of the outputs on samples that were not learned from.</summary>
internal static class BlocksCommand
{
    private const string Usage = "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- blocks FOLDER [--models A,B] [--bits 2,3,4] [--iterations 1000]";

    /// <summary>Weights of a block, as a layer of an encoder has.</summary>
    private const int MostWeights = 4;

    /// <returns>1 when nothing could be measured.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not [var bench, .. string[] rest] || !Directory.Exists(Path.Combine(bench, "models")) || rest.Length % 2 == 1)
            return Refuse();
        bench = Path.GetFullPath(bench);
        string[] models = [.. BenchModel.Names(bench)];
        int[] bits = [2, 3, 4];
        int iterations = new BlockSettings().Iterations;
        foreach (string[] pair in rest.Chunk(2))
            switch (pair)
            {
                case ["--models", var names] when names.Split(',').All(models.Contains):
                    models = names.Split(',');
                    break;
                case ["--bits", var list] when list.Split(',').All(number => int.TryParse(number, out int one) && one is >= 1 and <= 8):
                    bits = [.. list.Split(',').Select(int.Parse)];
                    break;
                case ["--iterations", var count] when int.TryParse(count, out int number) && number > 0:
                    iterations = number;
                    break;
                default:
                    return Refuse();
            }
        var rows = new List<string[]>();
        foreach (string name in models)
            foreach (int width in bits)
                rows.Add([name, $"{width}", .. Measure(BenchModel.Read(bench, name), width, new BlockSettings { Iterations = iterations })]);
        Console.WriteLine(MarkdownTable.Of(["model", "bits", "float top-1", "nearest top-1", "dB", "learned top-1", "dB", "seconds", "blocks"], 1, rows));
        return 0;
    }

    private static int Refuse()
    {
        Console.Error.WriteLine(Usage);
        return 1;
    }

    private static string[] Measure(BenchModel bench, int bits, BlockSettings settings)
    {
        var model = new StoredModel(bench.FloatPath);
        IReadOnlyList<NamedArray> learned = SampleSet.Read(bench.CalibrationPath).Arrays;
        IReadOnlyList<NamedArray> others = SampleSet.Read(bench.ValidationPath).Arrays;
        LearnedState nearest = model.Nearest(bits);
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<NamedArray> one = [.. learned.Select(First)];
        Dictionary<string, long> sizes = values.Zip(model.Read(values, null, one)).ToDictionary(pair => pair.First, pair => (long)(pair.Second?.Length ?? 1));
        BlockPlan plan = BlockFinder.Find(
            model.Graph, nearest.Weights.Keys.Select(key => key.Name).ToHashSet(StringComparer.Ordinal), MostWeights, value => sizes.GetValueOrDefault(value, 1));

        var watch = Stopwatch.StartNew();
        SequenceResult result = new BlockSequence(model.Graph, settings).Learn(plan, nearest, (names, state) => model.Read(names, state, learned));
        double seconds = watch.Elapsed.TotalSeconds;
        foreach (BlockOutcome block in result.Blocks)
            Console.Error.WriteLine($"{bench.Name}, {bits} bits, {block.Output}: {Decibels(block.ErrorBefore):F1} to {Decibels(block.ErrorAfter):F1} dB");
        foreach (SkippedPart part in result.Skipped)
            Console.Error.WriteLine($"{bench.Name}: {part.Reason}");

        ValueRows real = Outputs(null);
        return
        [
            $"{Top1(real, others):F2}", .. Judge(nearest), .. Judge(result.State), $"{seconds:F0}", $"{result.Blocks.Count}",
        ];

        IEnumerable<string> Judge(LearnedState state)
        {
            ValueRows output = Outputs(state);
            return [$"{Top1(output, others):F2}", $"{Decibels(Power(real.Values.Zip(output.Values, (a, b) => a - b)) / Power(real.Values)):F1}"];
        }

        ValueRows Outputs(LearnedState? state) => model.Read([model.Graph.OutputNames.First()], state, others)[0]
            ?? throw new InvalidDataException($"the output of '{bench.Name}' does not have one row per sample");
    }

    private static NamedArray First(NamedArray array) =>
        new(array.Name, array.ElementType, [1, .. array.Shape.Skip(1)], array.Bytes[..(array.Bytes.Length / (int)array.Shape[0])]);

    private static double Top1(ValueRows outputs, IReadOnlyList<NamedArray> samples)
    {
        NamedArray labels = samples.Single(array => array.Name == SampleBinding.LabelsName);
        ReadOnlySpan<long> wanted = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(labels.Bytes);
        int right = 0;
        for (int sample = 0; sample < outputs.Count; sample++)
        {
            ReadOnlySpan<float> scores = outputs[sample];
            int best = 0;
            for (int i = 1; i < scores.Length; i++)
                best = scores[i] > scores[best] ? i : best;
            right += best == wanted[sample] ? 1 : 0;
        }
        return 100.0 * right / outputs.Count;
    }

    private static double Power(IEnumerable<float> values) => values.Sum(value => (double)value * value);

    private static double Decibels(double error) => -10 * Math.Log10(error);
}
