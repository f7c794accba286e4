using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using Classifier = QuantBuild.Generation.Classifier;

namespace QuantBuild;

/// <summary>One model of a project in which nothing is wrong as far as can be seen before any work.</summary>
/// <param name="Signature">What a caller of the shipped model sees: without the inputs that are fixed.</param>
/// <param name="SourceOpset">Version of the standard operators in the file.</param>
/// <param name="FixedInputs">Inputs of the file that become constants.</param>
/// <param name="ExternalFiles">Names, relative to the model's folder, of files that hold data of its tensors.</param>
/// <param name="Calibration">Null when the scheme needs no data and none is given.</param>
/// <param name="Validation">Null when samples of the calibration data are held out instead.</param>
/// <param name="Pixels">How pictures become the model's input; null when nothing says so.</param>
internal sealed record CheckedModel(
    QuantizationSettings Settings,
    ModelSignature Signature,
    int SourceOpset,
    IReadOnlyList<NamedTensor> FixedInputs,
    IReadOnlyCollection<string> ExternalFiles,
    SampleBinding? Calibration,
    SampleBinding? Validation,
    PixelPlan? Pixels)
{
    /// <summary>Null when no file names the classes of the model, or no output has a score for each.</summary>
    public Classifier? Classifier { get; init; }

    /// <summary>The names of the classes, with or without a <see cref="Classifier"/>; null when no file gives them.</summary>
    public ClassNames? Classes { get; init; }

    public DiagnosticOrigin Origin => new(Settings.DisplayPath);

    /// <summary>Null when there is nothing to measure.</summary>
    public MetricPlan? Metric { get; init; }

    /// <summary>Null when the data is read from files.</summary>
    public ProvidedData? Provided { get; init; }

    /// <summary>What messages call the calibration data; null when there is none.</summary>
    public string? CalibrationName => Calibration?.Source.DisplayPath ?? Provided?.CalibrationName;

    /// <inheritdoc cref="CalibrationName"/>
    public string? ValidationName => Validation?.Source.DisplayPath ?? Provided?.ValidationName;
}

/// <summary>Finds all problems of a project at once: settings, models and the headers of data files. Takes milliseconds.</summary>
internal static class ProjectCheck
{
    public static IReadOnlyList<CheckedModel> Check(ProjectRequest request, DiagnosticBag problems)
    {
        var models = new List<CheckedModel>();
        var found = new DiagnosticBag();
        foreach (ResolvedSettings resolved in SettingsResolver.ResolveAll(request, problems))
        {
            // What is wrong with the files of an item is wrong for all of its variants.
            QuantizationSettings ofItem = resolved.Settings with { DisplayPath = resolved.Settings.Item ?? resolved.Settings.DisplayPath };
            if (Check(ofItem, request.ProjectDirectory, found) is { } model && resolved.IsValid)
                models.Add(model with { Settings = resolved.Settings });
        }
        problems.AddRange(found.Diagnostics.Distinct());
        return models;
    }

    /// <summary>The same for one model that is measured as it is, and may be quantized already.</summary>
    /// <returns>Null after adding what is wrong to <paramref name="problems"/>.</returns>
    public static CheckedModel? CheckAsItIs(ProjectRequest request, DiagnosticBag problems)
    {
        ResolvedSettings resolved = SettingsResolver.ResolveAll(request, problems).Single();
        QuantizationSettings settings = resolved.Settings with { Scheme = QuantizationScheme.None };
        return Check(settings, request.ProjectDirectory, problems) is { } model && resolved.IsValid && !problems.HasErrors ? model : null;
    }

    /// <summary>Looks into every file of the model that is there, even when another one or a setting is wrong.</summary>
    /// <returns>Null when the model cannot be read.</returns>
    private static CheckedModel? Check(QuantizationSettings settings, string projectDirectory, DiagnosticBag problems)
    {
        var origin = new DiagnosticOrigin(settings.DisplayPath);
        ModelOutline? onnx = Try(
            settings.ModelPath, () => OnnxModelReader.LoadOutline(settings.ModelPath, origin, settings.Scheme == QuantizationScheme.None));
        IReadOnlyList<NamedTensor> fixedInputs = onnx is null ? [] : FixedInputs.Read(settings, onnx.Signature, problems);
        ModelSignature? signature = onnx?.SignatureWithout(fixedInputs);
        ClassNames? classes = Try(settings.Labels, () => ReadClasses(settings, projectDirectory, origin));
        bool hasPictures = settings.DataProvider is null
            && (PictureFolder.IsAt(settings.CalibrationData) || PictureFolder.IsAt(settings.ValidationData));
        PixelPlan? pixels = signature is null ? null : ImageInputs.Plan(settings, signature, hasPictures, problems);
        var request = new SampleSetRequest
        {
            Inputs = signature?.Inputs ?? [],
            LabelName = settings.LabelName,
            Classes = classes,
            Shapes = settings.DataShapes,
            Pixels = pixels,
        };
        SampleBinding? calibration = Bind(settings.CalibrationData, nameof(settings.CalibrationData)) is { } bound
            ? bound with { SampleSeed = settings.SampleSeed }
            : null;
        SampleBinding? validation = Bind(settings.ValidationData, nameof(settings.ValidationData));
        if (signature is null)
            return null;
        var model = new CheckedModel(settings, signature, onnx!.Opset, fixedInputs, onnx.ExternalFiles, calibration, validation, pixels)
        {
            Classifier = classes is null
                ? null
                : Try<Classifier>(settings.Labels, () => Classifier.Of(signature, classes.Names, origin with { Setting = nameof(settings.Labels) })),
            Classes = classes,
            Provided = settings.DataProvider is { } provider
                ? new ProvidedData(
                    provider,
                    request,
                    settings.CalibrationData is { } path ? DisplayPath(path) : provider.DisplayName,
                    settings.ValidationData is { } other ? DisplayPath(other) : null)
                : null,
        };
        CheckMeasurable(model, problems);
        return MeasuredTargets.AddTo(model, problems);

        string DisplayPath(string path) => Path.GetRelativePath(projectDirectory, path).Replace('\\', '/');

        SampleBinding? Bind(string? path, string setting)
        {
            if (path is null || settings.DataProvider is not null || (pixels is null && PictureFolder.IsAt(path)))
                return null;
            DiagnosticOrigin dataOrigin = origin with { Setting = setting };
            string displayPath = DisplayPath(path);
            ISampleSource? source = Try(path, () => SampleSources.Open(path, displayPath, dataOrigin, request));
            return source is null || signature is null ? null : SampleBinding.Bind(source, signature, dataOrigin, problems, request);
        }

        T? Try<T>(string? path, Func<T?> read)
            where T : class
        {
            try
            {
                // A file that is missing has been reported with the setting that names it.
                return Path.Exists(path) ? read() : null;
            }
            catch (QuantBuildException exception)
            {
                problems.Add(exception.Diagnostic);
                return null;
            }
        }
    }

    private static ClassNames ReadClasses(QuantizationSettings settings, string projectDirectory, DiagnosticOrigin origin)
    {
        string displayPath = Path.GetRelativePath(projectDirectory, settings.Labels!).Replace('\\', '/');
        return new ClassNames(LabelFile.Read(settings.Labels!, displayPath, origin with { Setting = nameof(settings.Labels) }), displayPath);
    }

    public static void CheckMeasurable(CheckedModel model, DiagnosticBag problems)
    {
        if ((model.Validation ?? model.Calibration) is not { } measured)
            return;
        if (model.Settings.Gate != GateMode.Off && model.Signature.Outputs.All(output => output.ElementType != OnnxElementType.Float))
            problems.Add(DiagnosticCatalogue.NothingToCompare.At(
                model.Origin, model.Settings.DisplayPath, string.Join("; ", model.Signature.Outputs.Select(output => $"'{output.Name}' {output}"))));
    }
}
