using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Providers;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Data that a class of the user gives. Checking a project reads its metadata only; it runs when a model has to be quantized.</summary>
/// <param name="Request">What the model says about the samples.</param>
/// <param name="CalibrationName">What messages call the samples for the ranges.</param>
/// <param name="ValidationName">Null when samples are held out instead.</param>
internal sealed record ProvidedData(ProviderReference Provider, SampleSetRequest Request, string CalibrationName, string? ValidationName)
{
    public static DiagnosticOrigin OriginIn(CheckedModel job) => job.Origin with { Setting = nameof(QuantizationSettings.DataProvider) };

    /// <summary>Adds QB4033 when there is no such assembly or class.</summary>
    public void Check(CheckedModel job, DiagnosticBag problems)
    {
        try
        {
            ProviderMetadata.FindType(Provider, scores: job.Settings.Metric == AccuracyMetric.Custom);
        }
        catch (InvalidDataException exception)
        {
            problems.Add(DiagnosticCatalogue.ProviderUnusable.At(OriginIn(job), Provider.DisplayName, exception.Message));
        }
    }

    /// <returns>The model with samples; null when they do not fit it, which has been told.</returns>
    public CheckedModel? Bind(CheckedModel job, SampleProvider provider, DiagnosticBag problems, CancellationToken cancellation)
    {
        QuantizationSettings settings = job.Settings;
        SampleBinding? calibration = Open(
            settings.CalibrationData, CalibrationName, nameof(settings.CalibrationData), settings.SampleSeed is null ? settings.SampleLimit : null);
        SampleBinding? validation = ValidationName is null
            ? null
            : Open(settings.ValidationData, ValidationName, nameof(settings.ValidationData), limit: null);
        CheckedModel bound = job with
        {
            Calibration = calibration is null ? null : calibration with { SampleSeed = settings.SampleSeed },
            Validation = validation,
        };
        if (problems.HasErrors)
            return null;
        ProjectCheck.CheckMeasurable(bound, problems);
        CheckedModel measured = MeasuredTargets.AddTo(bound, problems);
        if (problems.HasErrors)
            return null;
        return measured.Metric is { Metric: AccuracyMetric.Custom } plan
            ? measured with { Metric = plan with { Custom = ProvidedMetric.Of(provider, measured) } }
            : measured;

        SampleBinding? Open(string? path, string name, string setting, long? limit)
        {
            DiagnosticOrigin origin = job.Origin with { Setting = path is null ? nameof(settings.DataProvider) : setting };
            return SampleBinding.Bind(
                new ProviderSampleSource(provider, path ?? "", name, limit, Request, cancellation), job.Signature, origin, problems, Request);
        }
    }
}
