using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Measures, for a model that its gate refuses, what keeping its worst nodes in float would give.</summary>
/// <param name="settings">That the model was made by.</param>
/// <param name="original">As the user's file has it.</param>
internal sealed class ExclusionTrial(
    IInferenceEngine engine,
    CheckedModel job,
    QuantizationSettings settings,
    OnnxModel original,
    ModelSamples samples,
    CandidateMaker maker,
    CancellationToken cancellation)
{
    /// <summary>Nodes that are tried alone, each with one model over the held-out samples.</summary>
    private const int MostTried = 8;

    /// <summary>Nodes that are left out together.</summary>
    private const int MostTogether = 3;

    /// <summary>Less is as likely luck.</summary>
    private const double LeastGainDecibels = 0.05;

    /// <summary>A larger model is not written so many times.</summary>
    private const long MostBytes = 512L << 20;

    /// <summary>Part of the work that is trying single nodes, for the display.</summary>
    private const double ShareOfSingles = 0.5;

    /// <summary>True where it may help: a limit is missed that the float model keeps, and the settings alone decided what becomes integers.</summary>
    public static bool IsFor(QuantizationSettings settings, AccuracyComparison? accuracy) =>
        settings is { Search: null, Layers: null, Gate: not GateMode.Off }
        && settings.Scheme is QuantizationScheme.Static or QuantizationScheme.Dynamic or QuantizationScheme.WeightOnly
        && accuracy is not null && Gate.BlamesNodes(settings, accuracy);

    /// <param name="before">That the model was made from.</param>
    /// <param name="noise">Of the model's nodes.</param>
    /// <returns>Null when nothing can be tried.</returns>
    public ExclusionFindings? Run(Draft before, MadeModel made, IReadOnlyList<NodeNoise> noise, Action<double, string?> progress)
    {
        if (original.SizeBytes > MostBytes || HeldOutTrial.Of(engine, original, samples) is not { } trial)
            return null;
        try
        {
            IReadOnlyList<TriedExclusion> tried = Singles(made, new BlamedNodes(made, noise).Worst(MostTried), trial, progress);
            string[] together = [.. tried.Where(node => node.GainDecibels > LeastGainDecibels).Take(MostTogether).Select(node => node.Node)];
            return together.Length == 0
                ? new ExclusionFindings(tried, [], null, 0, 0, samples.Calibration.Count)
                : Together(before, tried, together, progress);
        }
        catch (Exception exception) when (exception is QuantBuildException or InferenceException)
        {
            // What is told of the refused model stays true; a variant of it that cannot be made is no further error.
            return null;
        }
    }

    private IReadOnlyList<TriedExclusion> Singles(MadeModel made, IReadOnlyList<string> nodes, HeldOutTrial trial, Action<double, string?> progress)
    {
        var tried = new List<TriedExclusion>();
        double with = nodes.Count == 0 ? 0 : trial.SqnrDecibels(made.Quantized.Image);
        foreach (string node in nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            QuantizationSettings without = Without(made.Settings, [node]);
            var found = new DiagnosticBag();
            Draft draft = maker.Draft(without, found, made.Draft);
            if (!found.HasErrors)
                tried.Add(new TriedExclusion(node, Gain(with, trial.SqnrDecibels(Write(KeptCodes.For(draft, made, without), without).Image))));
            progress(ShareOfSingles * tried.Count / nodes.Count, $"{tried.Count} of {nodes.Count} nodes");
        }
        return [.. tried.OrderByDescending(node => node.GainDecibels).ThenBy(node => node.Node, StringComparer.Ordinal)];
    }

    /// <summary>As a build with these settings makes the model.</summary>
    private ExclusionFindings? Together(Draft before, IReadOnlyList<TriedExclusion> tried, string[] nodes, Action<double, string?> progress)
    {
        QuantizationSettings without = Without(settings, nodes);
        var found = new DiagnosticBag();
        Draft draft = maker.Draft(without, found, before);
        if (found.HasErrors)
            return null;
        using MadeModel made = maker.Make(without, draft);
        AccuracyComparison? accuracy = new Evaluator(engine, job.Origin).Compare(
            original, made.Quantized, samples, job.Metric, fraction => progress(ShareOfSingles + ((1 - ShareOfSingles) * fraction), null), cancellation);
        return new ExclusionFindings(tried, nodes, accuracy, made.Quantized.Image.SizeBytes, made.Cost, samples.Calibration.Count);
    }

    private QuantizedModel Write(Candidate candidate, QuantizationSettings without) =>
        ModelRewriter.Rewrite(original, candidate.Draft.Model, candidate.Draft.Facts, candidate.Precision, candidate.Codes, without);

    private static QuantizationSettings Without(QuantizationSettings settings, IReadOnlyList<string> nodes) =>
        settings with { ExcludedNodes = [.. settings.ExcludedNodes, .. nodes] };

    /// <remarks>What cannot be compared, because outputs hold NaN or infinities, gains nothing, and all by becoming comparable.</remarks>
    private static double Gain(double with, double without) =>
        double.IsNaN(without) || without == with ? 0 : double.IsNaN(with) ? double.PositiveInfinity : without - with;
}
