using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Measures a model that is there already, alone or against the float model that it was made from.</summary>
internal sealed class ModelAccuracy(IInferenceEngine engine, IProgress<StageProgress> progress)
{
    /// <summary>True for metrics that say how near outputs are to those of the float model, and nothing without one.</summary>
    public static bool NeedsFloatModel(AccuracyMetric metric) =>
        metric is AccuracyMetric.CosineSimilarity or AccuracyMetric.SignalToNoise or AccuracyMetric.KullbackLeibler or AccuracyMetric.Agreement;

    /// <param name="against">The float model; null: the model is measured alone, and both values of the result are its own.</param>
    /// <exception cref="QuantBuildException">Labels, targets or samples do not fit the model.</exception>
    /// <exception cref="InferenceException">One of the models does not run on the samples.</exception>
    public AccuracyComparison Measure(MeasuredModel model, MetricPlan plan, OnnxModel? against, CancellationToken cancellation)
    {
        string name = Path.GetFileNameWithoutExtension(model.Job.Settings.ModelPath);
        var measured = new QuantizedModel(model.Model.ToImage(), new Dictionary<string, string>(), []);
        return new Evaluator(engine, model.Job.Origin).Compare(
            against ?? model.Model,
            measured,
            model.Samples(engine),
            plan,
            part => progress.Report(new StageProgress(name, "evaluate", part)),
            cancellation)!;
    }

    /// <summary>What is said when a limit of the settings is not kept, and whether all are.</summary>
    public static (bool Passed, IReadOnlyList<Diagnostic> Findings) Judge(MeasuredModel model, AccuracyComparison comparison) =>
    (
        Gate.Passes(model.Job.Settings, comparison),
        [.. Gate.Judge(model.Job.Settings, comparison, Explanation.Of(comparison, [], rejectedPath: null), model.Job.Origin)]
    );
}
