namespace QuantBuild.Cli.Rendering;

/// <summary>The differences of two models as text, the worst layers first.</summary>
internal static class CompareText
{
    public static void Write(TextWriter writer, ModelDifference difference, int shownLayers)
    {
        writer.WriteLine($"{difference.First} and {difference.Second} on {Figures.Count(difference.Samples)} samples:");
        var outputs = new TextTable("output", " SQNR", " cosine", " largest difference", " agreement");
        foreach (ValueDifference value in difference.Outputs)
            outputs.Add([value.Value, .. Cells(value), value.Agreement is { } share ? Figures.Share(share) : "-"]);
        outputs.Write(writer);
        if (outputs.IsEmpty)
            writer.WriteLine("  Outputs that are not float32 are not compared.");
        if (shownLayers == 0)
            return;
        writer.WriteLine();
        if (difference.Layers.Count == 0)
        {
            writer.WriteLine(difference.Names == ModelComparer.ByReport
                ? "No inner value of the first model is in the second."
                : "The models have no inner values of equal names. A report beside the second model tells which belong together: 'quantbuild quantize' writes one.");
            return;
        }
        int shown = Math.Min(shownLayers, difference.Layers.Count);
        writer.WriteLine($"{shown} of {difference.Layers.Count} layers, the worst first (matched by {difference.Names}):");
        var layers = new TextTable("layer", "operator", " SQNR", " cosine", " largest difference");
        foreach (ValueDifference value in difference.Layers.Take(shownLayers))
            layers.Add([value.Node ?? value.Value, value.Operator ?? "", .. Cells(value)]);
        layers.Write(writer);
    }

    private static string[] Cells(ValueDifference value) =>
    [
        value.IsEqual ? "equal" : value.SqnrDecibels is { } decibels ? Figures.Decibels(decibels) : "-",
        Figures.Fixed(value.CosineSimilarity, 6),
        Figures.Number(value.MaxDifference),
    ];
}
