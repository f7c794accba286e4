using System.Text.RegularExpressions;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Ide;

/// <summary>Texts of the table of settings as an IDE shows them: without Markdown.</summary>
internal static partial class SettingTexts
{
    /// <summary>Names that are words already.</summary>
    private static readonly string[] Unsplit = ["SmoothQuant"];

    /// <summary>The name in words: <c>Max accuracy drop</c>.</summary>
    public static string DisplayName(string name) => Unsplit.Contains(name, StringComparer.Ordinal)
        ? name
        : WordStart().Replace(name, match => " " + match.Value.ToLowerInvariant());

    public static string Description(SettingDescriptor setting)
    {
        string standard = setting.Default.Length > 0 ? setting.Default : Plain(setting.DefaultMeaning);
        return $"{Plain(setting.Meaning)} Default: {standard}.";
    }

    public static bool IsTruth(SettingDescriptor setting) => setting.Kind is Choice { Available: ["true", "false"] };

    public static string Category(SettingGroup group) => group switch
    {
        SettingGroup.Loader => "Generated class",
        SettingGroup.Search => "Preferences and exceptions",
        _ => group.ToString(),
    };

    private static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();
}
