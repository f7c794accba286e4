namespace QuantBuild.Cli.Rendering;

/// <summary>An overview of a model as text.</summary>
internal static class InspectText
{
    private const int NamedOperators = 8;

    public static void Write(TextWriter writer, ModelOverview overview, bool listsNodes)
    {
        writer.WriteLine(
            $"{overview.Model}: {Figures.Bytes(overview.Bytes)}, opset {overview.Opset}, {Figures.Count(overview.Operators.Sum(row => row.Nodes))} nodes, "
            + $"{Figures.Count(overview.Parameters)} parameters");
        WriteValues(writer, "inputs", overview.Inputs);
        WriteValues(writer, "outputs", overview.Outputs);
        writer.WriteLine();
        var operators = new TextTable("operator", " nodes", " parameters");
        foreach (OperatorOverview row in overview.Operators)
            operators.Add(row.Operator, Figures.Count(row.Nodes), Figures.Count(row.Parameters));
        operators.Write(writer);
        writer.WriteLine();
        var constants = new TextTable("constants", " tensors", " parameters", " bytes");
        foreach (ConstantOverview row in overview.Constants)
            constants.Add(row.Type, Figures.Count(row.Tensors), Figures.Count(row.Parameters), Figures.Count(row.Bytes));
        constants.Write(writer);
        writer.WriteLine();
        if (overview.Placement is { } placement)
            WritePlacement(writer, placement, listsNodes);
        else
            writer.WriteLine($"The model is quantized already: it has the operator {overview.QuantizedBy}.");
    }

    private static void WriteValues(TextWriter writer, string title, IReadOnlyList<ValueOverview> values)
    {
        foreach (ValueOverview value in values)
            writer.WriteLine($"  {title,-8} {value.Name}: {value.Type}");
    }

    private static void WritePlacement(TextWriter writer, PlacementOverview placement, bool listsNodes)
    {
        string share = placement.IntegerMultiplyAddsShare is { } known ? $", {Figures.Share(known)} of the multiply-adds in integers" : "";
        string basis = placement.Basis switch
        {
            PlacementOverview.FromData => "shapes observed on the data",
            PlacementOverview.MadeUp => "shapes observed on made-up inputs",
            _ => $"no shapes: the model did not run on made-up inputs ({placement.Problem}); give samples with --data",
        };
        writer.WriteLine($"With Scheme={placement.Scheme} ({basis}){share}:");
        var table = new TextTable("runs in", " nodes", "operators", "why");
        foreach (PlacementGroup group in placement.Groups)
        {
            IEnumerable<string> named = group.Operators.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Take(NamedOperators).Select(entry => $"{entry.Key} {entry.Value}");
            string others = group.Operators.Count > NamedOperators ? ", …" : "";
            table.Add(WordOf(group.Runs), Figures.Count(group.Nodes), string.Join(", ", named) + others, group.Reason ?? "");
        }
        table.Write(writer);
        if (!listsNodes)
            return;
        writer.WriteLine();
        var nodes = new TextTable("node", "operator", "runs in", "output", " multiply-adds", "why");
        foreach (PlacedNode node in placement.Nodes)
        {
            nodes.Add(
                node.Name,
                node.Operator,
                WordOf(node.Runs),
                node.Shape is { } shape ? $"[{string.Join(",", shape)}]" : "?",
                node.MultiplyAdds is { } work ? Figures.Count(work) : "?",
                node.Reason ?? "");
        }
        nodes.Write(writer);
    }

    private static string WordOf(string runs) => runs switch
    {
        ModelInspector.Fused => "the kernel before it",
        ModelInspector.Dynamic => "integers, dynamic",
        _ => runs,
    };
}
