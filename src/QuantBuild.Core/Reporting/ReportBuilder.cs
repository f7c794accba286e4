using System.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Settings;

namespace QuantBuild.Reporting;

/// <summary>Turns what the stages handed over into the report.</summary>
internal static class ReportBuilder
{
    /// <summary>Name and version.</summary>
    public static string Tool { get; } = $"QuantBuild {typeof(ReportBuilder).Assembly.GetName().Version!.ToString(3)}";

    public static QuantizationReport Build(ReportInputs inputs, StageClock clock)
    {
        long floatBytes = inputs.Original.SizeBytes;
        long quantizedBytes = inputs.Quantized.Image.SizeBytes;
        var weighted = new WeightedNodes(inputs);
        using var process = Process.GetCurrentProcess();
        return new QuantizationReport(
            ReportJson.Schema,
            inputs.Settings.DisplayPath,
            Tool,
            inputs.Engine.Version,
            inputs.Engine.ProcessorClass,
            FromCache: false,
            SettingsOf(inputs.Settings),
            new SizeReport(floatBytes, quantizedBytes, Math.Round((double)quantizedBytes / floatBytes, 4), PackedModelFile.SizeOf(inputs.Quantized.Image)),
            Accuracy(inputs.Accuracy),
            new KernelReport(inputs.Fusion.PlannedCount, inputs.Fusion.FusedCount, IntegerShare(inputs), weighted.Count(), inputs.EstimatedCost),
            [.. Nodes(inputs, weighted)],
            inputs.Table.MaskInput,
            Activations(inputs),
            new WeightRows(inputs).Build(),
            [.. inputs.Recovery.Select(outcome => new RecoveryReport(outcome.Step, outcome.Kept, Decibels(outcome.Without), Decibels(outcome.With), outcome.Reason))],
            [.. inputs.Prepared.Passes.Select(pass => new PassReport(
                pass.Pass, pass.Applied, [.. pass.Declined.Select(declined => $"{declined.Node}: {declined.Reason}")]))],
            clock.Finished,
            process.PeakWorkingSet64,
            inputs.Search,
            inputs.Settings.Layers is { } layers
                ? new SortedDictionary<string, string>(layers.Forms.ToDictionary(form => form.Key, form => form.Value.Code), StringComparer.Ordinal)
                : null,
            Written(inputs.Settings),
            inputs.Settings.MachineKernels?.Texts);
    }

    /// <summary>The report for one of the projects that use the result: with their names, settings and limits.</summary>
    public static QuantizationReport ForProject(QuantizationReport report, QuantizationSettings settings, bool passed, bool fromCache) => report with
    {
        Model = settings.DisplayPath,
        Settings = SettingsOf(settings),
        WrittenSettings = Written(settings),
        FromCache = fromCache,
        Accuracy = report.Accuracy is { } accuracy
            ? accuracy with
            {
                MaxAccuracyDrop = settings.MaxAccuracyDrop, MinAccuracy = settings.MinAccuracy, MaxError = settings.MaxError, Passed = passed,
            }
            : null,
    };

    private static SortedDictionary<string, string> SettingsOf(QuantizationSettings settings) =>
        new(settings.InForce.ToDictionary(setting => setting.Name, setting => setting.Value), StringComparer.Ordinal);

    private static string[] Written(QuantizationSettings settings) =>
        [.. settings.InForce.Select(setting => setting.Name).Intersect(settings.Written, StringComparer.Ordinal)];

    private static AccuracyReport? Accuracy(AccuracyComparison? accuracy) => accuracy is null
        ? null
        : new AccuracyReport(
            accuracy.MetricName,
            accuracy.Float,
            accuracy.Quantized,
            accuracy.Drop,
            [Finite(accuracy.DropLow), Finite(accuracy.DropHigh)],
            Decibels(accuracy.SqnrDecibels),
            accuracy.SampleCount,
            MaxAccuracyDrop: null,
            MinAccuracy: null,
            Passed: true,
            LowerIsBetter: accuracy.IsLowerBetter ? true : null,
            Slices: accuracy.Slices.Count == 0 ? null : [.. accuracy.Slices.Select(Slice)]);

    private static SliceReport Slice(SliceComparison slice) => new(
        slice.Name, slice.SampleCount, Finite(slice.Float), Finite(slice.Quantized), Finite(slice.Drop), [Finite(slice.DropLow), Finite(slice.DropHigh)]);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>Multiply-adds of the nodes that were found in integer kernels, over those of all nodes.</summary>
    private static double IntegerShare(ReportInputs inputs)
    {
        long total = inputs.Prepared.Model.Graph.WithBodies.SelectMany(graph => graph.Nodes).Sum(node => MultiplyAdds.Of(node, inputs.Facts));
        IReadOnlyList<PlannedNode> planned = inputs.Precision.Placement.Nodes;
        long integer = planned.Where((_, i) => inputs.Fusion.Fused[i]).Select(node => node.Node)
            .Concat(inputs.Precision.Placement.DynamicNodes.Where((_, i) => inputs.Fusion.Dynamic[i]).Select(node => node.Node))
            .Sum(node => MultiplyAdds.Of(node, inputs.Facts));
        return total == 0 ? 0 : Math.Round((double)integer / total, 6);
    }

    private static IEnumerable<NodeReport> Nodes(ReportInputs inputs, WeightedNodes weighted)
    {
        var noise = inputs.Noise.ToLookup(entry => entry.Node, entry => entry.SqnrDecibels, StringComparer.Ordinal);
        PlacementPlan placement = inputs.Precision.Placement;
        for (int i = 0; i < placement.Nodes.Count; i++)
        {
            OnnxNode node = placement.Nodes[i].Node;
            string runs = inputs.Fusion.Fused[i] ? "integers" : "unfused";
            yield return Row(node, runs, null, noise[node.DisplayName].Select(Decibels).FirstOrDefault(), placement.Nodes[i].Output);
            foreach (OnnxNode absorbed in placement.Nodes[i].Absorbed)
                yield return new NodeReport(absorbed.DisplayName, absorbed.OpType, runs, $"part of {node.DisplayName}", null);
        }
        for (int i = 0; i < placement.DynamicNodes.Count; i++)
            yield return Row(placement.DynamicNodes[i].Node, inputs.Fusion.Dynamic[i] ? "dynamic" : "unfused", null, null);
        foreach (FloatNode node in placement.FloatNodes)
            yield return Row(node.Node, "float", node.Reason, null);
        foreach (OnnxNode node in weighted.Unplanned(placement))
            yield return Row(node, "float", "it is in the body of another node", null);

        NodeReport Row(OnnxNode node, string runs, string? reason, double? decibels, string? output = null)
        {
            StoredWeights? stored = weighted.Of(node);
            output ??= node.Outputs.FirstOrDefault(name => name.Length > 0) ?? "";
            string? shipped = inputs.Quantized.ValueNames.GetValueOrDefault(output) ?? inputs.Quantized.FloatNames.GetValueOrDefault(output);
            string? storedWhy = stored?.Reason ?? (stored is null ? weighted.KeptConstant(node) : null);
            return new NodeReport(node.DisplayName, node.OpType, runs, reason, decibels, stored?.Type, storedWhy, stored?.Bytes)
            {
                Output = shipped is null ? null : output,
                ShippedOutput = shipped,
            };
        }
    }

    private static ActivationReport[] Activations(ReportInputs inputs)
    {
        PlannedActivation[] planned = [.. inputs.Precision.Placement.Activations.DistinctBy(activation => activation.Value)];
        HashSet<string> drawn = new(
            planned.Where(activation => activation.TiedTo is null).Select(activation => activation.Value)
                .OrderByDescending(value => inputs.Table.Activations.GetValueOrDefault(value)?.Total ?? 0)
                .Take(Histograms.MostTensors),
            StringComparer.Ordinal);
        return [.. planned.Select(activation => Activation(inputs, activation, drawn))];
    }

    private static ActivationReport Activation(ReportInputs inputs, PlannedActivation activation, HashSet<string> drawn)
    {
        QuantizationParameters parameters = inputs.Precision.Activations[activation.Value];
        StreamingHistogram? seen = activation.TiedTo is null ? inputs.Table.Activations.GetValueOrDefault(activation.Value) : null;
        return new ActivationReport(
            activation.Value,
            parameters.Type.ToString(),
            parameters.Scale,
            parameters.ZeroPoint,
            seen?.Minimum,
            seen?.Maximum,
            activation.TiedTo,
            seen is not null && drawn.Contains(activation.Value) ? Histograms.Of(seen) : null);
    }

    /// <summary>JSON has no infinity: outputs that do not differ at all have no ratio.</summary>
    private static double? Decibels(double? value) => value is { } decibels ? Decibels(decibels) : null;

    private static double? Decibels(double value) => double.IsFinite(value) ? Math.Round(value, 2) : null;
}
