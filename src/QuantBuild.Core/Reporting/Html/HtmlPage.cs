using System.Xml.Linq;
using QuantBuild.Reporting.Html.Sections;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html;

/// <summary>A report as one page that needs nothing beside it: no network, no fonts, and its script only to sort, to filter and to change colours.</summary>
internal static class HtmlPage
{
    public static string Of(QuantizationReport report)
    {
        Section[] sections = [.. Sections(report).OfType<Section>()];
        string name = report.Model.Length > 0 ? report.Model : "model";
        return Write(Tag(
            "html",
            Attribute("lang", "en"),
            Tag(
                "head",
                Tag("meta", Attribute("charset", "utf-8")),
                PageAssets.Policy,
                Tag("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                Tag("meta", Attribute("name", "generator"), Attribute("content", report.Tool)),
                Tag("title", $"{name} – report of QuantBuild"),
                PageAssets.Style),
            "\n",
            Tag(
                "body",
                Styled("a", "skip", Attribute("href", "#summary"), "To the content"),
                Header(report, name),
                Styled("div", "columns", Contents(sections), Tag("main", sections.Select(Part))),
                Tag("footer", $"Written by {report.Tool}. The same figures, and all of them, are in the JSON file beside this page."),
                PageAssets.Script)));
    }

    private static IEnumerable<Section?> Sections(QuantizationReport report) =>
    [
        SummarySection.Of(report),
        GateSection.Of(report),
        SliceSection.Of(report),
        SearchSection.Of(report),
        LayerSection.Of(report),
        FloatSection.Of(report),
        RecoverySection.Of(report),
        ActivationSection.Of(report),
        WeightSection.Of(report),
        TimeSection.Of(report),
        PreparationSection.Of(report),
        SettingsSection.Of(report),
    ];

    private static XElement Header(QuantizationReport report, string name)
    {
        Verdict verdict = Verdict.Of(report);
        return Tag(
            "header",
            Styled(
                "div",
                "title",
                Styled("p", "over", "Quantized model"),
                Tag("h1", Name(name)),
                Styled("p", "under", $"{Figures.Bytes(report.Size.FloatBytes)} → {Figures.Bytes(report.Size.QuantizedBytes)}")),
            Styled("p", $"verdict {verdict.Kind}", Tag("span", Attribute("aria-hidden", "true"), Sign(verdict.Kind)), $" {verdict.Word}"),
            Styled("button", "theme scripted", Attribute("type", "button"), "Dark"));
    }

    private static string Sign(string kind) => kind switch
    {
        "passed" => "✓",
        "refused" => "✕",
        "warned" => "!",
        _ => "○",
    };

    private static XElement Contents(Section[] sections) => Tag(
        "nav",
        Attribute("aria-label", "Sections"),
        Tag("ul", sections.Select(section => Tag("li", Tag("a", Attribute("href", $"#{section.Id}"), section.Title)))));

    private static object[] Part(Section section) =>
    [
        "\n",
        Tag(
            "section",
            Attribute("id", section.Id),
            Attribute("aria-labelledby", $"{section.Id}-title"),
            Tag("h2", Attribute("id", $"{section.Id}-title"), section.Title),
            section.Lead is { } lead ? Styled("p", "lead", lead) : null,
            section.Content),
    ];
}
