using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Reporting;

namespace QuantBuild;

/// <summary>Runs two models on the same samples and compares their outputs, and inner values that both of them have.</summary>
internal sealed class ModelComparer(IInferenceEngine engine, IProgress<StageProgress> progress)
{
    public const string ByReport = "report";

    public const string ByName = "equal names";

    /// <summary>Enough to rank layers; their ratios differ by decibels.</summary>
    private const int LayerSamples = 16;

    /// <summary>Values compared in one pass over the samples.</summary>
    private const int ValuesPerPass = 32;

    /// <param name="first">Has the samples.</param>
    /// <param name="report">Of <paramref name="second"/>, whose names it holds; null: values of equal names are compared.</param>
    /// <param name="withLayers">False for the outputs alone.</param>
    /// <exception cref="InferenceException">One of the models does not run on the samples.</exception>
    public ModelDifference Compare(
        MeasuredModel first, OnnxModel second, string secondName, QuantizationReport? report, bool withLayers, CancellationToken cancellation)
    {
        string[] outputs = [.. first.Model.Graph.OutputNames.Intersect(second.Graph.OutputNames, StringComparer.Ordinal)];
        SampleStream samples = first.Samples(engine).Validation;
        string name = Path.GetFileNameWithoutExtension(first.Job.Settings.ModelPath);
        ValueDifference[] ofOutputs = Compare(
            first.Model.ToImage(), second.ToImage(), [.. outputs.Select(output => Pair(first.Model, output, output, output))], samples, Told("outputs"), cancellation);
        (string[][] pairs, bool byReport) = Pairs(first.Model, second, report);
        var layers = new List<ValueDifference>();
        SampleStream few = samples.Take(LayerSamples);
        Action<double> told = Told("layers");
        for (int start = 0; withLayers && start < pairs.Length; start += ValuesPerPass)
        {
            int from = start;
            layers.AddRange(CompareInner(
                first.Model, second, pairs[from..Math.Min(from + ValuesPerPass, pairs.Length)], few,
                part => told((from + (part * ValuesPerPass)) / pairs.Length), cancellation));
        }
        return new ModelDifference(
            first.Job.Settings.DisplayPath,
            secondName,
            samples.Count,
            byReport ? ByReport : ByName,
            ofOutputs,
            [.. layers.OrderBy(layer => layer.SqnrDecibels ?? double.PositiveInfinity).ThenBy(layer => layer.CosineSimilarity)]);

        Action<double> Told(string stage) => part => progress.Report(new StageProgress(name, stage, Math.Min(part, 1)));
    }

    /// <returns>Names in both models, outputs left out.</returns>
    private static (string[][] Pairs, bool ByReport) Pairs(OnnxModel first, OnnxModel second, QuantizationReport? report)
    {
        var inBodies = first.Graph.WithBodies.Skip(1).SelectMany(body => body.OwnNames).ToHashSet(StringComparer.Ordinal);
        var inOtherBodies = second.Graph.WithBodies.Skip(1).SelectMany(body => body.OwnNames).ToHashSet(StringComparer.Ordinal);
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (NodeReport node in report?.Nodes ?? [])
            if (node is { Output: { } output, ShippedOutput: { } shipped })
                told.TryAdd(output, shipped);
        IEnumerable<string> values = first.Graph.Nodes.SelectMany(node => node.Outputs)
            .Where(value => value.Length > 0 && !first.Graph.IsOutput(value) && !inBodies.Contains(value));
        return (
        [
            .. from value in values
               let other = told.Count > 0 ? told.GetValueOrDefault(value, "") : value
               where !inOtherBodies.Contains(other) && second.Graph.ProducerOf(other) is not null
               select new[] { value, other },
        ],
        told.Count > 0);
    }

    private ValueDifference[] CompareInner(
        OnnxModel first, OnnxModel second, string[][] pairs, SampleStream samples, Action<double> told, CancellationToken cancellation)
    {
        var firstExposer = new ValueExposer(first.Clone());
        var secondExposer = new ValueExposer(second.Clone());
        ValuePair[] exposed = [.. pairs.Select(pair => Pair(first, pair[0], firstExposer.Expose(pair[0]).Output, secondExposer.Expose(pair[1]).Output))];
        return Compare(firstExposer.ToImage(), secondExposer.ToImage(), exposed, samples, told, cancellation);
    }

    /// <returns>Those of the values that are float32 in both models.</returns>
    private ValueDifference[] Compare(
        ModelImage first, ModelImage second, ValuePair[] values, SampleStream samples, Action<double> told, CancellationToken cancellation)
    {
        if (values.Length == 0)
            return [];
        var tallies = new DifferenceTally[values.Length];
        bool[] isFloat = [.. Enumerable.Repeat(true, values.Length)];
        for (int i = 0; i < tallies.Length; i++)
            tallies[i] = new DifferenceTally();
        float[][] reference = new float[values.Length][];
        string[] firstNames = [.. values.Select(value => value.First)];
        string[] secondNames = [.. values.Select(value => value.Second)];
        using IInferenceSession firstSession = engine.Open(first);
        using IInferenceSession secondSession = engine.Open(second);
        long done = 0;
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            firstSession.Run(batch.Inputs, firstNames, (i, output) =>
            {
                isFloat[i] &= output.ElementType == OnnxElementType.Float;
                reference[i] = isFloat[i] ? output.Floats.ToArray() : [];
            });
            secondSession.Run(batch.Inputs, secondNames, (i, output) =>
            {
                isFloat[i] &= output.ElementType == OnnxElementType.Float;
                if (isFloat[i])
                    tallies[i].Add(reference[i], output.Floats, output.Shape, batch.Count, batch.Size);
            });
            told((double)(done += batch.Count) / samples.Count);
        }
        return [.. values.Select((value, i) => DifferenceOf(value, tallies[i])).Where((_, i) => isFloat[i])];
    }

    private static ValueDifference DifferenceOf(ValuePair value, DifferenceTally tally)
    {
        (double? decibels, double cosine, double largest, double? agreement) = tally.Figures;
        return new ValueDifference(value.Value, value.Node?.DisplayName, value.Node?.OpType, decibels, cosine, largest, agreement);
    }

    private static ValuePair Pair(OnnxModel model, string value, string first, string second) => new(value, model.Graph.ProducerOf(value), first, second);

    /// <param name="First">The output that shows it in the first model.</param>
    /// <param name="Second">The output that shows it in the second model.</param>
    private sealed record ValuePair(string Value, OnnxNode? Node, string First, string Second);
}
