using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Benchmarks.Models;

/// <summary>All rows of one model.</summary>
/// <param name="rounds">Of latencies, at most.</param>
internal sealed class ModelMeasurement(TableModel model, int rounds)
{
    private const int LargeBatch = 32;

    /// <summary>That a file is judged on: enough to see a point of accuracy.</summary>
    private const int MostSamples = 1000;

    private readonly SampleSet samples = SampleSet.Read(model.Data.ValidationPath, model.FloatPath, MostSamples);
    private readonly List<(ModelRow Row, string? Path)> files = [];

    public IReadOnlyList<ModelRow> Measure()
    {
        OnnxGraph graph = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(model.FloatPath), new DiagnosticOrigin(model.FloatPath)).Graph;
        OnnxNode[] nodes = [.. OptimizedGraph.AllNodes(graph).Where(node => node.OpType != "Constant")];
        var operators = new SortedDictionary<string, int>(nodes.CountBy(node => node.OpType).ToDictionary(), StringComparer.Ordinal);
        files.Add((Row(ModelRow.Float, "once more", null), model.FloatPath));
        AddOwn(objective: null);
        AddOwn(ModelRow.Latency);
        foreach (ToolFile file in model.ToolFiles)
            files.Add((Row(file.Tool, file.File, null) with { FloatPasses = file.FloatPasses, PeakMiB = file.PeakMiB }, file.Path));

        Predictions reference = Predictions.Of(model.FloatPath, samples);
        for (int i = 0; i < files.Count; i++)
            if (files[i].Path is { } path)
                files[i] = Judge(files[i].Row, path, reference);
        AddLatencies();
        return [.. files.Select(file => file.Row)];

        ModelRow Row(string tool, string file, string? objective) => new(model.Name, tool, file, objective)
        {
            Data = model.Data.Origin,
            Nodes = nodes.Length,
            Operators = operators,
            WeightedInFloat = WeightedNodes.Count(graph),
        };

        void AddOwn(string? objective)
        {
            Progress.Show($"{model.Name}: quantizing, {objective ?? "default"}");
            double secondsOfFloatPass = FloatPass.Seconds(model.FloatPath, model.Data.CalibrationPath);
            WorkerRun run = WorkerRun.Quantize(model.JobFor(objective));
            WorkerReport? report = run.Report;
            files.Add((Row(ModelRow.Own, "static", objective ?? "Size") with
            {
                Planned = report?.Planned,
                Fused = report?.Fused,
                Weighted = report?.Weighted,
                WithoutReason = report?.WithoutReason,
                FloatPasses = report?.QuantizingSeconds / secondsOfFloatPass,
                QuantizingSeconds = report?.QuantizingSeconds,
                PeakMiB = report?.PeakMiB,
                Warnings = run.Warnings,
                Error = run.Error,
            }, run.ShippedPath));
        }
    }

    private (ModelRow Row, string? Path) Judge(ModelRow row, string path, Predictions reference)
    {
        Progress.Show($"{model.Name}: judging {row.Tool} {row.Label}");
        try
        {
            Comparison comparison = Comparison.Of(reference, Predictions.Of(path, samples, reference), model.MetricOf(samples));
            OptimizedGraph graph = OptimizedGraph.Of(path, samples);
            long bytes = new FileInfo(path).Length;
            return (row with
            {
                Fused = row.Fused ?? graph.IntegerNodes,
                IntegerNodes = graph.IntegerNodes,
                LeftoverConversions = graph.LeftoverConversions,
                IntegerShare = graph.IntegerShare,
                FileBytes = bytes,
                SizeRatio = (double)bytes / new FileInfo(model.FloatPath).Length,
                MetricName = comparison.Metric,
                Metric = comparison.Quantized,
                MetricFloat = comparison.Float,
                SqnrDb = comparison.SqnrDecibels,
                SqnrDbWorstOutput = comparison.WorstOutputSqnrDecibels,
            }, path);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException)
        {
            return (row with { Error = $"the file does not run: {exception.Message}" }, null);
        }
    }

    private void AddLatencies()
    {
        Progress.Show($"{model.Name}: racing");
        int[] racing = [.. Enumerable.Range(0, files.Count).Where(i => files[i].Path is not null)];
        string[] paths = [model.FloatPath, .. racing.Select(i => files[i].Path!)];
        InterleavedLatency one = InterleavedLatency.Measure(paths, samples, batchSize: 1, rounds);
        InterleavedLatency? many = model.MeasuresBatch32 ? InterleavedLatency.Measure(paths, samples, LargeBatch, rounds) : null;

        // Racers: the float file, then the files in their order.
        int fastest = Enumerable.Range(0, paths.Length)
            .Where(racer => racer == 0 || files[racing[racer - 1]].Row.Tool is not (ModelRow.Float or ModelRow.Own))
            .MinBy(one.Seconds);
        string fastestName = fastest == 0 ? ModelRow.Float : $"{files[racing[fastest - 1]].Row.Tool} {files[racing[fastest - 1]].Row.File}";
        for (int racer = 1; racer < paths.Length; racer++)
        {
            int i = racing[racer - 1];
            Spread toFloat = one.Ratio(racer, 0);
            Spread toFastest = one.Ratio(racer, fastest);
            files[i] = (files[i].Row with
            {
                LatencyRatio = toFloat.Median,
                LatencyRatioQuartiles = [toFloat.Lower, toFloat.Upper],
                LatencyRatioBatch32 = many?.Ratio(racer, 0).Median,
                LatencyMilliseconds = one.Seconds(racer) * 1000,
                Fastest = fastestName,
                LatencyRatioToFastest = toFastest.Median,
                LatencyRatioToFastestQuartiles = [toFastest.Lower, toFastest.Upper],
            }, files[i].Path);
        }
    }
}
