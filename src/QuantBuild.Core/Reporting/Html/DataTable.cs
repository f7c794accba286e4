using System.Xml.Linq;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html;

/// <param name="IsNumber">Its cells stand right, digit under digit.</param>
/// <param name="Hint">What the heading means; null where it says enough.</param>
internal sealed record Column(string Title, bool IsNumber = false, string? Hint = null);

/// <param name="Content">As <see cref="Markup.Tag"/> takes it.</param>
/// <param name="Key">By which rows are sorted; null: by the text, and behind all numbers.</param>
internal sealed record Cell(object? Content, double? Key = null)
{
    public static Cell Missing { get; } = new(Figures.None);
}

/// <summary>A table whose first column names the rows. With the page's script it can be sorted and filtered; on narrow screens a row becomes a card.</summary>
internal static class DataTable
{
    /// <param name="caption">For those who hear the page.</param>
    /// <param name="filter">What the box above the table asks for; null: there is none.</param>
    public static XElement Of(string caption, IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Cell>> rows, string? filter = null) => Styled(
        "div",
        "table",
        filter is null ? null : Filter(filter),
        Tag(
            "table",
            Tag("caption", caption),
            Tag("thead", Tag("tr", columns.Select(Heading))),
            Tag("tbody", rows.Select(row => Tag("tr", row.Select((cell, i) => Row(cell, columns[i], isFirst: i == 0)))))));

    private static XElement Filter(string wanted) => Styled(
        "p",
        "filter scripted",
        Tag("input", Attribute("type", "search"), Attribute("placeholder", wanted), Attribute("aria-label", wanted)),
        Tag("output"));

    private static XElement Heading(Column column) => Tag(
        "th",
        Attribute("scope", "col"),
        column.IsNumber ? Class("number") : null,
        column.Hint is { } hint ? Attribute("title", hint) : null,
        column.Title);

    private static string Styles(Cell cell, Column column) =>
        string.Join(' ', new[] { column.IsNumber ? "number" : null, cell == Cell.Missing ? "missing" : null }.OfType<string>());

    private static XElement Row(Cell cell, Column column, bool isFirst) => Tag(
        isFirst ? "th" : "td",
        isFirst ? Attribute("scope", "row") : Attribute("data-label", column.Title),
        Styles(cell, column) is { Length: > 0 } styles ? Class(styles) : null,
        cell.Key is { } key && double.IsFinite(key) ? new XAttribute("data-key", key) : null,
        cell.Content);
}
