using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Onnx;
using QuantBuild.Reporting;

namespace QuantBuild;

/// <summary>What the work on one model gave. It knows no project: where files are, what the class is called and which limits hold comes later.</summary>
/// <param name="Accuracy">Null when there was no data to measure on.</param>
/// <param name="Noise">Of every quantized node, worst first.</param>
/// <param name="Findings">Warnings that came up on the way.</param>
/// <param name="Weights">Holds the large tensors of <paramref name="Image"/> and belongs to it; null when it has none, or they lie in the cache.</param>
internal sealed record ModelOutcome(
    ModelImage Image,
    QuantizationReport Report,
    AccuracyComparison? Accuracy,
    IReadOnlyList<NodeNoise> Noise,
    IReadOnlyList<Diagnostic> Findings,
    WeightFile? Weights) : IDisposable
{
    /// <summary>What keeping nodes in float gives; null where no limit was missed when the model was made, or nothing was tried.</summary>
    public ExclusionFindings? Exclusion { get; init; }

    public void Dispose() => Weights?.Dispose();
}
