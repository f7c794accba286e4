using System.Text.Json;
using System.Text.Json.Serialization;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Onnx;
using QuantBuild.Reporting;

namespace QuantBuild;

/// <summary>Outcomes as files of a folder, without anything that belongs to one project.</summary>
internal static class OutcomeFiles
{
    private const string Model = "model.onnx";

    private const string Outcome = "outcome.json";

    public static void Write(ModelOutcome outcome, CheckedModel job, string folder)
    {
        string weights = OutputNames.Weights(Model);
        File.WriteAllBytes(Path.Combine(folder, Model), outcome.Image.Folder is null ? outcome.Image.Message : outcome.Image.Naming(weights));
        if (outcome.Image.Folder is not null)
            File.Copy(outcome.Weights!.File.Path, Path.Combine(folder, weights));
        var stored = new StoredOutcome(
            outcome.Report with { Model = "", Settings = new SortedDictionary<string, string>(StringComparer.Ordinal), WrittenSettings = null },
            outcome.Accuracy,
            outcome.Noise,
            [.. outcome.Findings.Select(finding => StoredFinding.Of(finding, NamesIn(job)))])
        {
            Exclusion = outcome.Exclusion,
        };
        File.WriteAllBytes(Path.Combine(folder, Outcome), JsonSerializer.SerializeToUtf8Bytes(stored, OutcomeJson.Default.StoredOutcome));
    }

    /// <exception cref="InvalidDataException">The files are not what <see cref="Write"/> writes.</exception>
    public static ModelOutcome Read(string folder, CheckedModel job)
    {
        try
        {
            StoredOutcome stored = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, Outcome)), OutcomeJson.Default.StoredOutcome)
                ?? throw new InvalidDataException($"its {Outcome} is empty");
            string weights = OutputNames.Weights(Model);
            var files = new TensorFiles();
            if (File.Exists(Path.Combine(folder, weights)))
                files.Add(weights, TensorFile.OfUser(folder, weights));
            var image = new ModelImage(File.ReadAllBytes(Path.Combine(folder, Model)), files, stored.Report.Size.QuantizedBytes);
            return new ModelOutcome(
                image, stored.Report, stored.Accuracy, stored.Noise, [.. stored.Findings.Select(finding => finding.For(job.Origin, NamesIn(job)))], Weights: null)
            {
                Exclusion = stored.Exclusion,
            };
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"its {Outcome} is damaged", exception);
        }
    }

    /// <summary>What messages call the files of this project.</summary>
    private static Dictionary<string, string> NamesIn(CheckedModel job)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = job.Settings.DisplayPath };
        if (job.CalibrationName is { } calibration)
            names.Add("calibration", calibration);
        if (job.ValidationName is { } validation)
            names.Add("validation", validation);
        return names;
    }
}

internal sealed record StoredOutcome(
    QuantizationReport Report, AccuracyComparison? Accuracy, IReadOnlyList<NodeNoise> Noise, IReadOnlyList<StoredFinding> Findings)
{
    public ExclusionFindings? Exclusion { get; init; }
}

/// <param name="Setting">See <see cref="DiagnosticOrigin"/>.</param>
internal sealed record StoredFinding(string Code, string? Setting, IReadOnlyList<StoredArgument> Arguments)
{
    /// <param name="names">What a thing is → what messages of this project call it.</param>
    public static StoredFinding Of(Diagnostic finding, IReadOnlyDictionary<string, string> names) => new(
        finding.Code,
        finding.Origin?.Setting,
        [
            .. finding.Arguments.Select(argument => names.FirstOrDefault(name => name.Value == argument).Key is { } stands
                ? new StoredArgument(null, stands)
                : new StoredArgument(argument, null)),
        ]);

    /// <exception cref="InvalidDataException">There is no such code.</exception>
    public Diagnostic For(DiagnosticOrigin origin, IReadOnlyDictionary<string, string> names)
    {
        DiagnosticDescriptor descriptor = DiagnosticCatalogue.All.FirstOrDefault(candidate => candidate.Code == Code)
            ?? throw new InvalidDataException($"it names the code '{Code}', which there is not");
        return descriptor.At(
            origin with { Setting = Setting },
            [.. Arguments.Select(argument => argument.Stands is { } stands ? names.GetValueOrDefault(stands) : argument.Text)]);
    }
}

/// <param name="Text">As it is; null when it has another name in every project.</param>
/// <param name="Stands">What it names: <c>model</c>, <c>calibration</c>, <c>validation</c>.</param>
internal sealed record StoredArgument(string? Text, string? Stands);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredOutcome))]
internal sealed partial class OutcomeJson : JsonSerializerContext;
