using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>A setting that gives accuracy back, with the value that does most and the one that does nothing.</summary>
internal sealed record RecoveryStep(string Setting, string On, string Off)
{
    private static readonly RecoveryStep[] All =
    [
        new("BiasCorrection", "Full", "Off"),
        new("CrossLayerEqualization", "Auto", "false"),
        new("SmoothQuant", "Auto", "false"),
        new("Rounding", "Auto", "Nearest"),
        new("BlockReconstruction", "true", "false"),
    ];

    /// <summary>Those that the quantizer beside this program has.</summary>
    public static IReadOnlyList<RecoveryStep> Available { get; } = [.. All.Where(step => step.IsAvailable)];

    /// <summary>Names of the others.</summary>
    public static IEnumerable<string> Unavailable => All.Except(Available).Select(step => step.Setting);

    private bool IsAvailable =>
        SettingCatalogue.All.Any(setting => setting.Name == Setting && setting.Read(On).Verdict == SettingVerdict.Valid);
}
