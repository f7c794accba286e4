using QuantBuild.Caching;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Providers;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>The files and folders that a quantized model is made from, with the content that they have.</summary>
/// <param name="Files">The model first.</param>
internal sealed record ModelInputs(IReadOnlyList<InputFile> Files)
{
    public const string Model = "model";

    private const string Provider = nameof(QuantizationSettings.DataProvider);

    /// <exception cref="QuantBuildException">QB4001: a file cannot be read any more.</exception>
    public static ModelInputs Of(CheckedModel job)
    {
        var files = new List<(string Name, string Path)> { (Model, job.Settings.ModelPath) };
        string folder = Path.GetDirectoryName(job.Settings.ModelPath)!;
        files.AddRange(job.ExternalFiles.Select(name => ($"weights {name}", Path.Combine(folder, name))));
        if (job.Settings.CalibrationData is { } calibration)
            files.Add((nameof(QuantizationSettings.CalibrationData), calibration));
        if (job.Settings.ValidationData is { } validation)
            files.Add((nameof(QuantizationSettings.ValidationData), validation));
        AddBeside(job.Calibration, nameof(QuantizationSettings.CalibrationData));
        AddBeside(job.Validation, nameof(QuantizationSettings.ValidationData));
        if (job.Settings.Labels is { } labels)
            files.Add((nameof(QuantizationSettings.Labels), labels));
        if (job.Settings.SliceFile is { } slices)
            files.Add((nameof(QuantizationSettings.SliceFile), slices));
        if (job.Settings.DataProvider is { } provider)
            files.AddRange(ProviderFiles.Of(provider).Select((path, i) => (i == 0 ? Provider : $"{Provider} {Path.GetFileName(path)}", path)));
        return new ModelInputs([.. files.Select(file => new InputFile(file.Name, file.Path, HashOf(file.Path, job)))]);

        void AddBeside(SampleBinding? data, string setting) =>
            files.AddRange((data?.Source.FilesBeside ?? []).Select(path => ($"{setting} {Path.GetFileName(path)}", path)));
    }

    /// <summary>False when somebody wrote to a file since, or took it away.</summary>
    public bool AreUnchanged()
    {
        try
        {
            return Files.All(file => HashOf(file.Path) == file.Sha256);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or QuantBuildException)
        {
            return false;
        }
    }

    private static string HashOf(string path, CheckedModel job)
    {
        try
        {
            return HashOf(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QuantBuildException(DiagnosticCatalogue.UnreadableData.At(job.Origin, Path.GetFileName(path), exception.Message), exception);
        }
    }

    /// <summary>Of a folder the names and contents of all of its files. The tasks compute the same, to decide whether a model is current.</summary>
    private static string HashOf(string path) => Directory.Exists(path)
        ? ContentHash.OfText(string.Concat(DataFolder.Open(path, path, null).Files.Select(file => $"{ContentHash.OfFile(file.Path)} {file.Name}\n")))
        : ContentHash.OfFile(path);

    /// <summary>Names everything that the result is a function of.</summary>
    /// <param name="replayed">Hash of choices that are not made but repeated; empty when they are made.</param>
    public CacheKey KeyFor(QuantizationSettings settings, EngineIdentity engine, string replayed) => new(
    [
        new CachePart("QuantBuild", typeof(ModelInputs).Module.ModuleVersionId.ToString("N")),
        new CachePart(".NET", Environment.Version.ToString(2)),
        new CachePart("ONNX Runtime", engine.Library),
        new CachePart("processor class", engine.ProcessorClass),
        new CachePart("choices of the lock file", replayed),
        new CachePart("class of the DataProvider", settings.DataProvider?.TypeName ?? ""),
        .. settings.Deciding.Select(setting => new CachePart(setting.Name, setting.Value)),
        .. Files.Select(file => new CachePart(file.Name, file.Sha256)),
    ]);
}

/// <param name="Name">What the file is: <c>model</c>, <c>CalibrationData</c>, or <c>weights</c> and the name under which the model knows them.</param>
/// <param name="Path">Absolute.</param>
internal sealed record InputFile(string Name, string Path, string Sha256);
