using QuantBuild.Settings;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>One way to make a file of few bits.</summary>
/// <param name="Bits">Of a weight.</param>
/// <param name="Algorithm">As tables name it: scheme, and how weights are rounded or which values they take.</param>
/// <param name="Settings">Beside the data.</param>
internal sealed record LowBitRecipe(int Bits, string Algorithm, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>As rows and folders name it.</summary>
    public string Configuration => $"w{Bits}-{Algorithm}";

    /// <summary>Settings that the quantizer beside this program does not have, as <c>Name=Value</c>.</summary>
    public IEnumerable<string> Unavailable =>
        Settings.Where(setting => !IsAvailable(setting.Key, setting.Value)).Select(setting => $"{setting.Key}={setting.Value}");

    private static bool IsAvailable(string name, string value) =>
        SettingCatalogue.All.Any(setting => setting.Name == name && setting.Read(value).Verdict == SettingVerdict.Valid);
}
