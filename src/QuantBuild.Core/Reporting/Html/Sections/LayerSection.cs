using System.Xml.Linq;
using QuantBuild.Reporting.Html.Plots;
using static QuantBuild.Reporting.Html.Markup;

namespace QuantBuild.Reporting.Html.Sections;

/// <summary>Every node: how it runs, how its weights are stored, and what it costs in precision.</summary>
internal static class LayerSection
{
    /// <summary>A float model has 144 dB against itself; what layers of 8 bits keep is between 10 and 60.</summary>
    private const double FullBarDecibels = 60;

    private const int MostRows = 5000;

    /// <summary>Shown of each layer at once.</summary>
    private const int MostForms = 4;

    public static Section Of(QuantizationReport report)
    {
        ILookup<string, SensitivityReport> sensitivities =
            (report.Search?.Sensitivities ?? []).ToLookup(sensitivity => sensitivity.Node, StringComparer.Ordinal);
        bool hasSensitivities = sensitivities.Count > 0;
        bool hasNoise = report.Nodes.Any(node => node.SqnrDecibels is not null);
        bool hasBytes = report.Nodes.Any(node => node.WeightBytes is not null);
        List<Column> columns = [new Column("Layer"), new Column("Runs in"), new Column("Weights")];
        if (hasBytes)
            columns.Add(new Column("Bytes", IsNumber: true, "Of the weights in the file"));
        if (hasNoise)
            columns.Add(new Column("Output", IsNumber: true, "Signal-to-noise ratio of the layer's output: longer is better"));
        if (hasSensitivities)
            columns.Add(new Column("Alone", IsNumber: true, "Signal-to-noise ratio of the model's outputs when this layer alone has the form: longer is better"));
        columns.Add(new Column("Why"));
        IEnumerable<IReadOnlyList<Cell>> rows = report.Nodes.Take(MostRows).Select(node =>
        {
            List<Cell> cells = [Layer(node), Runs(node), node.Weights is { } weights ? new Cell(weights) : Cell.Missing];
            if (hasBytes)
                cells.Add(node.WeightBytes is { } bytes ? new Cell(Figures.Bytes(bytes), bytes) : Cell.Missing);
            if (hasNoise)
                cells.Add(Decibels(node.SqnrDecibels));
            if (hasSensitivities)
                cells.Add(Alone([.. sensitivities[node.Name]]));
            cells.Add(Why(node));
            return (IReadOnlyList<Cell>)cells;
        });
        return new Section(
            "layers",
            "Layers",
            Lead(report.Nodes, hasNoise),
            report.Nodes.Count == 0 ? null : Styled("div", "layers", DataTable.Of("All layers", columns, rows, "Filter layers")));
    }

    private static string Lead(IReadOnlyList<NodeReport> nodes, bool hasNoise) =>
        (nodes.Count switch
        {
            0 => "The model has no layers that could run in integers or have weights.",
            > MostRows => $"The first {Figures.Count(MostRows)} of {Figures.Count(nodes.Count)} layers; the JSON file has all of them.",
            _ => $"{Figures.Plural(nodes.Count, "layer", "layers")}.",
        })
        + (hasNoise ? " Bars show the signal-to-noise ratio against the float model: 6 dB more are one bit more." : "");

    private static Cell Layer(NodeReport node) => new(new object[] { Name(node.Name), Styled("small", "under", node.Operator) });

    private static Cell Runs(NodeReport node) => new(Styled("span", $"pill runs-{Kind(node.Runs)}", node.Runs == "unfused" ? "float, not fused" : node.Runs));

    private static string Kind(string runs) => runs is "integers" or "dynamic" or "float" or "unfused" ? runs : "float";

    private static Cell Decibels(double? decibels) => decibels is { } value
        ? new Cell(new object[] { Svg.Bar(value / FullBarDecibels), Tag("span", Figures.Decibels(value)) }, value)
        : Cell.Missing;

    private static Cell Alone(SensitivityReport[] sensitivities)
    {
        if (sensitivities.Length == 0)
            return Cell.Missing;
        IEnumerable<XElement> rows = sensitivities.Select(Alone);
        return new Cell(
            sensitivities.Length <= MostForms
                ? rows
                : new object[] { rows.Take(MostForms), Tag("details", Tag("summary", $"{sensitivities.Length - MostForms} more"), rows.Skip(MostForms)) },
            sensitivities.Min(one => one.SqnrDecibels ?? double.MaxValue));
    }

    private static XElement Alone(SensitivityReport one) => Styled(
        "span",
        "alone",
        Attribute("title", one.Measured ? "measured" : "worked out from another form"),
        Tag("small", one.Form),
        Svg.Bar(one.SqnrDecibels is { } decibels ? decibels / FullBarDecibels : 1, one.Measured ? "" : "light"),
        Tag("span", one.SqnrDecibels is { } value ? Figures.Decibels(value) : "no change"));

    private static Cell Why(NodeReport node)
    {
        string[] reasons = [.. new[] { node.Reason, node.WeightsReason is { } stored ? $"weights: {stored}" : null }.OfType<string>()];
        return reasons.Length == 0 ? Cell.Missing : new Cell(string.Join("; ", reasons));
    }
}
