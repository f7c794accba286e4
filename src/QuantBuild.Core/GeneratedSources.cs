using System.Text;
using QuantBuild.Caching;
using QuantBuild.Evaluation;
using QuantBuild.Generation;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Writes the source files of one model: its class in every build, the constants that have been measured when it was quantized.</summary>
/// <param name="variants">All that share the class of the model; empty where it has one form.</param>
internal sealed class GeneratedSources(LoaderGenerator generator, OutputFolder outputs, CheckedModel job, IReadOnlyList<ModelVariant> variants)
{
    private readonly LoaderModel model = new(job.Signature, job.SourceOpset, job.Settings, StoredAs(job.Settings, job.Settings.Name))
    {
        Variants = [.. variants.Select(variant => new LoaderVariant(variant.Name, StoredAs(job.Settings, variant.OutputName)))],
        Classifier = job.Classifier,
        Pixels = job.Pixels,
    };

    private string MetadataFile => OutputNames.GeneratedMetadata(job.Settings.Name, generator.Extension);

    /// <summary>The class that variants share is written with the first of them.</summary>
    public void WriteClass()
    {
        if (variants.Count == 0 || variants[0].OutputName == job.Settings.Name)
            Write(OutputNames.GeneratedCode(job.Settings.Family ?? job.Settings.Name, generator.Extension), generator.Generate(model));

        // What an earlier build measured stays, where it belongs to this class.
        string unmeasured = generator.GenerateMetadata(model, ModelMeasurements.None);
        string path = outputs.PathOf(MetadataFile);
        if (!File.Exists(path) || !Declarations(File.ReadAllText(path)).SequenceEqual(Declarations(unmeasured)))
            Write(MetadataFile, unmeasured);
    }

    public void WriteMetadata(ModelMeasurements measurements) => Write(MetadataFile, generator.GenerateMetadata(model, measurements));

    private static string StoredAs(QuantizationSettings settings, string name) =>
        settings.IsPacked ? OutputNames.PackedLogicalName(name)
        : settings.Embed ? OutputNames.LogicalName(name)
        : OutputNames.QuantizedModel(name);

    /// <summary>The lines without the values of constants.</summary>
    private static IEnumerable<string> Declarations(string source) => source.Split('\n').Select(line => line.Split(" = ")[0]);

    private void Write(string file, string source) => outputs.Write(file, Encoding.UTF8.GetBytes(source));
}

/// <summary>Puts together what the constants of the generated class say.</summary>
internal static class Measurements
{
    public static ModelMeasurements Of(QuantizationSettings settings, ModelInputs inputs, ModelOutcome outcome, WrittenModel written)
    {
        QuantizationReport report = outcome.Report;
        ModelMeasurements measurements = new()
        {
            ModelSha256 = written.Model.Sha256,
            ModelSizeBytes = written.Model.SizeBytes,
            WeightsFileName = written.Weights?.Name ?? "",
            WeightsSha256 = written.Weights?.Sha256 ?? "",
            WeightsSizeBytes = written.Weights?.SizeBytes ?? 0,
            SourceSha256 = inputs.Files[0].Sha256,
            SourceSizeBytes = report.Size.FloatBytes,
            Scheme = settings.Scheme.ToString(),
            Opset = outcome.Image.Opset,
            EstimatedCost = report.Kernels.EstimatedCost,
            MaxAccuracyDrop = settings.MaxAccuracyDrop ?? double.NaN,
            MinAccuracy = settings.MinAccuracy ?? double.NaN,
        };
        return outcome.Accuracy is not { } accuracy ? measurements : measurements with
        {
            Metric = accuracy.Metric.ToString(),
            SampleCount = accuracy.SampleCount,
            FloatAccuracy = accuracy.Float,
            QuantizedAccuracy = accuracy.Quantized,
            AccuracyDrop = accuracy.Drop,
        };
    }
}
