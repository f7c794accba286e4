using System.CommandLine;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>How accurate a model is.</summary>
/// <param name="Against">The float model; null when the model was measured alone, and all that compares is null.</param>
/// <param name="Drop">How much worse than the float model, in the metric's own unit.</param>
/// <param name="DropInterval">95 % confidence interval; an end is null where the samples cannot tell.</param>
/// <param name="Passed">False when a limit is not kept.</param>
internal sealed record EvaluateResult(
    string Model,
    string? Against,
    string Metric,
    double Value,
    double? Float,
    double? Drop,
    IReadOnlyList<double>? DropInterval,
    double? SqnrDecibels,
    long Samples,
    bool Passed,
    IReadOnlyList<EvaluatedSlice> Slices);

/// <summary>A part of the samples; values are null where it has no such metric.</summary>
internal sealed record EvaluatedSlice(string Name, long Samples, double Value, double? Float, double? Drop);

/// <summary>Measures the accuracy of a model on labelled samples, or against the float model.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Argument<string> model = new("MODEL") { Description = "An .onnx file, quantized or not." };
    private readonly Option<string> data = new("--data") { Description = "Samples, with labels where the metric needs them.", HelpName = "path", Required = true };
    private readonly Option<string?> against = new("--against")
    {
        Description = "The float model: the drop is measured sample by sample, and limits on it hold.", HelpName = "float.onnx",
    };

    private readonly SettingOptions settings;

    public EvaluateCommand(ToolContext tool)
        : base("evaluate", "Measure the accuracy of a model on samples, alone or against the float model.", tool)
    {
        Arguments.Add(model);
        Options.Add(data);
        Options.Add(against);
        settings = new SettingOptions(this, setting => ModelRequests.IsAboutData(setting) || ModelRequests.IsAboutAccuracy(setting));
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string written = parse.GetValue(model)!;
        string? reference = parse.GetValue(against);
        ModelRequests.RequireFile(Tool, written);
        if (reference is not null)
            ModelRequests.RequireFile(Tool, reference);
        WrittenOptions options = settings.Read(parse, Tool.PathOf);
        if (reference is null && options.Has(SettingCatalogue.MaxAccuracyDrop))
            throw new UsageException("--max-accuracy-drop is a limit on the difference from the float model: give that with --against.");
        using MeasuredModel? measured = MeasuredModel.Open(
            ModelRequests.ToMeasure(Tool, written, parse.GetValue(data), options), problems, Tool.Cancellation);
        if (measured is null)
            return CommandOutcome.Nothing(ExitCode.Problem);
        MetricPlan plan = measured.Job.Metric
            ?? throw new ProblemException($"'{written}' has no float32 output, so that there is nothing to measure.");
        if (reference is null && ModelAccuracy.NeedsFloatModel(plan.Metric))
        {
            throw new UsageException(
                $"the metric {MetricName.Of(plan.Metric, plan.Rank)} compares with the float model: give that with --against, or labels in the data and --metric.");
        }
        OnnxModel? floatModel = reference is null
            ? null
            : OnnxModelReader.Load(Tool.PathOf(reference), new DiagnosticOrigin(reference), mayBeQuantized: true).WithFixedInputs(measured.Job.FixedInputs);
        AccuracyComparison comparison = Watch(progress =>
            new ModelAccuracy(Tool.CreateEngine(null), progress).Measure(measured, plan, floatModel, Tool.Cancellation));
        (bool passed, IReadOnlyList<Diagnostic> findings) = ModelAccuracy.Judge(measured, comparison);
        problems.AddRange(findings);
        EvaluateResult result = ResultOf(written, reference, comparison, passed);
        return new CommandOutcome(result, writer => EvaluateText.Write(writer, result, comparison));
    }

    private static EvaluateResult ResultOf(string model, string? against, AccuracyComparison comparison, bool passed)
    {
        bool compares = against is not null;
        return new EvaluateResult(
            model,
            against,
            comparison.MetricName,
            comparison.Quantized,
            compares ? comparison.Float : null,
            compares ? comparison.Drop : null,
            compares ? [comparison.DropLow, comparison.DropHigh] : null,
            compares && double.IsFinite(comparison.SqnrDecibels) ? comparison.SqnrDecibels : null,
            comparison.SampleCount,
            passed,
            [
                .. comparison.Slices.Select(slice => new EvaluatedSlice(
                    slice.Name, slice.SampleCount, slice.Quantized, compares ? slice.Float : null, compares ? slice.Drop : null)),
            ]);
    }
}
