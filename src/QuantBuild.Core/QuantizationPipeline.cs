using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>The table of contents: every stage once, in order.</summary>
internal sealed class QuantizationPipeline(IInferenceEngine engine, IProgress<StageProgress> progress)
{
    /// <summary>Checks the whole project and writes the generated classes. Needs milliseconds; runs in every build, in the IDE too.</summary>
    public ProjectResult Generate(ProjectRequest request, CancellationToken cancellation)
    {
        throw new InvalidOperationException($"{request} {cancellation} {engine}");
    }

    /// <summary>Quantizes every model of the project, checks its accuracy, and writes model and report.</summary>
    public ProjectResult Quantize(ProjectRequest request, CancellationToken cancellation)
    {
        throw new InvalidOperationException($"{request} {cancellation} {progress}");
    }
}

/// <param name="Model">Name of the model's outputs.</param>
/// <param name="Stage">What is being done: <c>calibrate</c>.</param>
/// <param name="Fraction">0 to 1 within the stage.</param>
internal sealed record StageProgress(string Model, string Stage, double Fraction);

/// <summary>What a run gives back to who asked. It succeeded when no diagnostic is an error.</summary>
internal sealed record ProjectResult(IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<ModelResult> Models)
{
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
}

/// <param name="Include">The item's <c>Include</c>.</param>
/// <param name="Summary">One line for people; null when only code was generated.</param>
internal sealed record ModelResult(string Include, string Name, string? Summary);
