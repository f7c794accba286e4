using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>Settings in force, those that the project sets first.</summary>
internal static class SettingsSection
{
    public static Section Of(QuantizationReport report)
    {
        HashSet<string> written = new(report.WrittenSettings ?? [], StringComparer.Ordinal);
        var settings = report.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).ToLookup(setting => written.Contains(setting.Key));
        bool areMarked = report.WrittenSettings is not null;
        return new Section(
            "settings",
            "Settings",
            areMarked && !settings[true].Any() ? "The project sets nothing: all settings have their defaults." : null,
            settings[true].Any() ? Table(areMarked ? "Set by the project" : "Settings in force", settings[true]) : null,
            !settings[false].Any() ? null
            : areMarked ? Tag("details", Tag("summary", $"{settings[false].Count()} with their defaults"), Table("Defaults", settings[false]))
            : Table("Settings in force", settings[false]));
    }

    private static XElement Table(string caption, IEnumerable<KeyValuePair<string, string>> settings) => Styled("div", "settings", DataTable.Of(
        caption,
        [new Column("Setting"), new Column("Value")],
        settings.Select(setting => new[] { new Cell(Tag("span", setting.Key)), setting.Value.Length == 0 ? Cell.Missing : new Cell(Name(setting.Value)) })));
}
