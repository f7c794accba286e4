using System.Globalization;
using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>Stage 1: from what was written to what will be done, with all problems of the project at once.</summary>
internal static class SettingsResolver
{
    /// <returns>The settings of the models in which nothing is wrong, in the order of the request.</returns>
    public static IReadOnlyList<QuantizationSettings> Resolve(ProjectRequest request, DiagnosticBag problems) =>
        [.. ResolveAll(request, problems).Where(model => model.IsValid).Select(model => model.Settings)];

    /// <returns>The settings of every model, in the order of the request; what is wrong in one has its default there, so that its files
    /// can be checked nevertheless.</returns>
    public static IReadOnlyList<ResolvedSettings> ResolveAll(ProjectRequest request, DiagnosticBag problems)
    {
        DiagnosticBag found = new();
        WrittenSettings project = WrittenSettings.OfProject(request.Properties, found);
        SettingCombinations.CheckReport(project, request.Models.Count, found);
        List<QuantizationSettings> all = [];
        List<ResolvedSettings> resolved = [];
        foreach (ModelRequest model in request.Models)
        {
            DiagnosticBag ofModel = new();
            SettingsInForce settings = new(project, WrittenSettings.OfItem(model, ofModel));
            QuantizationSettings decided = Decide(request, model, settings, ofModel);
            CheckCollisions(decided, all, settings, ofModel);
            all.Add(decided);
            found.AddRange(ofModel.Diagnostics);
            resolved.Add(new ResolvedSettings(decided, IsValid: !ofModel.HasErrors && IsReadable(settings)));
        }

        problems.AddRange(found.Diagnostics.Distinct());
        return resolved;
    }

    private static QuantizationSettings Decide(
        ProjectRequest request, ModelRequest model, SettingsInForce settings, DiagnosticBag problems)
    {
        SettingCombinations.CheckVariants(settings, request.Language, problems);
        SearchSettings? search = SearchWishes.Of(settings, model);
        DecideScheme(settings, model, problems);
        SettingCombinations.Check(settings, model, problems);
        SettingCombinations.SwitchOffIdle(settings);
        (string? calibration, string? validation, string? labels) = SettingFiles.Check(request.ProjectDirectory, model, settings, problems);
        DecideNames(request, model, settings, problems);
        QuantizationScheme scheme = settings.ValueOf(SettingCatalogue.Scheme) == "Palettized"
            ? QuantizationScheme.WeightOnly
            : Word<QuantizationScheme>(settings, SettingCatalogue.Scheme);
        var lowBits = LowBitSettings.Of(settings);
        // What is decided here is where the search starts.
        if (search is not null)
            settings.Decide(SettingCatalogue.Scheme, "Auto");
        return new QuantizationSettings
        {
            DisplayPath = model.Id,
            Item = model.Include,
            Variant = model.Variant is { } variant ? VariantList.NormalName(variant) : null,
            Family = model.Family,
            ModelPath = model.Path,
            Name = model.Name,
            Scheme = scheme,
            LowBits = lowBits,
            CalibrationData = calibration,
            ValidationData = validation,
            DataProvider = settings.Has(SettingCatalogue.DataProvider)
                ? ProviderReference.Parse(settings.ValueOf(SettingCatalogue.DataProvider), path => ProjectPath.Absolute(request.ProjectDirectory, path))
                : null,
            SampleLimit = settings.Has(SettingCatalogue.SampleLimit)
                ? int.Parse(settings.ValueOf(SettingCatalogue.SampleLimit), CultureInfo.InvariantCulture)
                : null,
            SampleSeed = settings.Has(SettingCatalogue.SampleSeed) ? long.Parse(settings.ValueOf(SettingCatalogue.SampleSeed), CultureInfo.InvariantCulture) : null,
            Labels = labels,
            LabelName = settings.ValueOf(SettingCatalogue.LabelName),
            DataShapes = NamedShapes.Split(settings.ValueOf(SettingCatalogue.DataShape)),
            Images = ImageSettings.Of(settings),
            Granularity = Word<Granularity>(settings, SettingCatalogue.Granularity),
            MemoryLimit = ByteCount.BytesOf(settings.ValueOf(SettingCatalogue.MemoryLimit)),
            RangeEstimator = Word<RangeEstimator>(settings, SettingCatalogue.RangeEstimator),
            BiasCorrection = Word<BiasCorrectionMode>(settings, SettingCatalogue.BiasCorrection),
            CrossLayerEqualization = Step(settings, SettingCatalogue.CrossLayerEqualization),
            SmoothQuant = Step(settings, SettingCatalogue.SmoothQuant),
            Rounding = Word<RoundingMethod>(settings, SettingCatalogue.Rounding),
            BlockReconstruction = Step(settings, SettingCatalogue.BlockReconstruction),
            WeightSharing = Step(settings, SettingCatalogue.WeightSharing),
            Storage = Word<WeightStorage>(settings, SettingCatalogue.Storage),
            Gate = Word<GateMode>(settings, SettingCatalogue.Gate),
            Metric = MetricName.MetricOf(settings.ValueOf(SettingCatalogue.Metric)),
            MetricRank = MetricName.RankOf(settings.ValueOf(SettingCatalogue.Metric)) ?? 1,
            MetricOutput = settings.ValueOf(SettingCatalogue.MetricOutput),
            BlankClass = ClassNumber.NumberOf(settings.ValueOf(SettingCatalogue.BlankClass)),
            WordSeparator = settings.Has(SettingCatalogue.WordSeparator) ? ClassNumber.NumberOf(settings.ValueOf(SettingCatalogue.WordSeparator)) : null,
            Slice = settings.ValueOf(SettingCatalogue.Slice),
            SliceFile = SettingFiles.Locate(request.ProjectDirectory, settings[SettingCatalogue.SliceFile], takesFolder: false, problems),
            MaxAccuracyDrop = Number(settings, SettingCatalogue.MaxAccuracyDrop),
            MinAccuracy = Number(settings, SettingCatalogue.MinAccuracy),
            MaxError = Number(settings, SettingCatalogue.MaxError),
            Objective = Word<QuantizationObjective>(settings, SettingCatalogue.Objective),
            MaxModelSize = settings.Has(SettingCatalogue.MaxModelSize) ? ByteCount.BytesOf(settings.ValueOf(SettingCatalogue.MaxModelSize)) : null,
            MaxSlowdown = Number(settings, SettingCatalogue.MaxSlowdown),
            TargetProfile = Word<TargetProfile>(settings, SettingCatalogue.TargetProfile),
            Search = search,
            ExcludedNodes = NameList.Split(settings.ValueOf(SettingCatalogue.ExcludedNodes)),
            ExcludedOperators = NameList.Split(settings.ValueOf(SettingCatalogue.ExcludedOperators)),
            FixedInputs = NamedValues.Split(settings.ValueOf(SettingCatalogue.FixedInputs)),
            Namespace = settings.ValueOf(SettingCatalogue.Namespace),
            ClassName = settings.ValueOf(SettingCatalogue.ClassName),
            Embed = settings.ValueOf(SettingCatalogue.Embed) == "true",
            Compression = Word<ModelCompression>(settings, SettingCatalogue.Compression),
            Visibility = Word<ClassVisibility>(settings, SettingCatalogue.Visibility),
            InForce = settings.ForReport(request.ProjectDirectory, setting => setting.Effect != SettingEffect.Build),
            Written = settings.Written(),
            Deciding = settings.ForReport(
                request.ProjectDirectory,
                setting => setting.Kind is not (FilePath or ProviderName)
                    && (setting.Effect == SettingEffect.Model || (search is not null && setting.Effect == SettingEffect.Verdict))),
            Locked = settings.ForReport(request.ProjectDirectory, setting => setting.Effect is SettingEffect.Model or SettingEffect.Verdict || setting == SettingCatalogue.Embed),
        };
    }

    /// <summary>After this the scheme in force is one of <see cref="QuantizationScheme"/>.</summary>
    private static void DecideScheme(SettingsInForce settings, ModelRequest model, DiagnosticBag problems)
    {
        if (model.Variant is not null && VariantList.NormalName(model.Variant) is { } variant)
        {
            settings.Decide(SettingCatalogue.Scheme, VariantList.SchemeOf(variant).ToString());
            if (VariantList.WeightTypeOf(variant) is { } type
                && LowBitSettings.BitsOf(type) != LowBitSettings.BitsOf(settings.ValueOf(SettingCatalogue.WeightType)))
                settings.Decide(SettingCatalogue.WeightType, type);
        }
        WrittenSetting scheme = settings[SettingCatalogue.Scheme];
        bool hasCalibrationData = settings[SettingCatalogue.CalibrationData].Source != SettingSource.Default
            || settings[SettingCatalogue.DataProvider].Source != SettingSource.Default;
        if (scheme.Value is "Static" && !hasCalibrationData)
        {
            WrittenSetting wish = model.Variant is null ? scheme : settings[SettingCatalogue.Variants];
            string? onItem = wish.Source == SettingSource.Metadata ? wish.Name : null;
            DiagnosticOrigin origin = new(model.Include, onItem);
            problems.Add(DiagnosticCatalogue.CalibrationDataMissing.At(origin, model.Include, scheme.Value));
        }
        else if (scheme.Value is "Auto" or null)
        {
            string decided = hasCalibrationData ? nameof(QuantizationScheme.Static) : nameof(QuantizationScheme.WeightOnly);
            settings.Decide(SettingCatalogue.Scheme, decided);
        }
    }

    private static void DecideNames(ProjectRequest request, ModelRequest model, SettingsInForce settings, DiagnosticBag problems)
    {
        WrittenSetting className = settings[SettingCatalogue.ClassName];
        if (!settings.Has(SettingCatalogue.ClassName))
            settings.Decide(SettingCatalogue.ClassName, GeneratedNames.ClassNameOf(Path.GetFileNameWithoutExtension(model.Path)));
        else if (!GeneratedNames.IsClassName(settings.ValueOf(SettingCatalogue.ClassName)))
            problems.Add(DiagnosticCatalogue.InvalidClassName.At(className.Origin, className.Value, "name"));

        WrittenSetting space = settings[SettingCatalogue.Namespace];
        if (!settings.Has(SettingCatalogue.Namespace))
            settings.Decide(SettingCatalogue.Namespace, GeneratedNames.NamespaceOf(request.RootNamespace));
        else if (!GeneratedNames.IsNamespace(settings.ValueOf(SettingCatalogue.Namespace)))
            problems.Add(DiagnosticCatalogue.InvalidClassName.At(space.Origin, space.Value, "namespace"));
    }

    /// <summary>False when a property that is refused would be in force for the model.</summary>
    private static bool IsReadable(SettingsInForce settings) => SettingCatalogue.All.All(setting => settings[setting].Value is not null);

    private static void CheckCollisions(
        QuantizationSettings model, List<QuantizationSettings> others, SettingsInForce settings, DiagnosticBag problems)
    {
        foreach (QuantizationSettings other in others)
        {
            string? common = GeneratedNames.Common(model, other);
            if (common is null || other.Namespace != model.Namespace || (model.Family is not null && other.Family == model.Family))
                continue;
            WrittenSetting className = settings[SettingCatalogue.ClassName];
            string? onItem = className.Source == SettingSource.Metadata ? className.Name : null;
            string fullName = model.Namespace.Length == 0 ? common : $"{model.Namespace}.{common}";
            string remedy = model.ModelPath == other.ModelPath
                ? "They are the same file; where a wildcard has listed it already, change its settings by QuantizeModel Update instead of Include."
                : "Give one of them another ClassName or Namespace.";
            problems.Add(DiagnosticCatalogue.DuplicateClass.At(
                new DiagnosticOrigin(model.Item, onItem), other.Item, model.Item, fullName, remedy));
            return;
        }
    }

    private static T Word<T>(SettingsInForce settings, SettingDescriptor setting)
        where T : struct, Enum => Enum.Parse<T>(settings.ValueOf(setting));

    private static StepMode Step(SettingsInForce settings, SettingDescriptor setting) =>
        Enum.Parse<StepMode>(settings.ValueOf(setting), ignoreCase: true);

    private static double? Number(SettingsInForce settings, SettingDescriptor setting) =>
        settings.Has(setting) ? double.Parse(settings.ValueOf(setting), CultureInfo.InvariantCulture) : null;
}

/// <param name="IsValid">False when something that was written for the model is wrong.</param>
internal sealed record ResolvedSettings(QuantizationSettings Settings, bool IsValid);
