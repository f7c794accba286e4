using System.Globalization;

namespace QuantBuild.Evaluation;

/// <summary>What a failed gate tells beyond the figures: how sure it is, and which nodes are to blame.</summary>
internal static class Explanation
{
    private const int NamedNodes = 3;

    private const double DrownedDecibels = 5;

    /// <param name="rejectedPath">Where the model is kept that must not ship; null when it ships.</param>
    /// <param name="measured">What was found out about what to do; null: general advice is given.</param>
    public static string Of(AccuracyComparison? accuracy, IReadOnlyList<NodeNoise> noise, string? rejectedPath, string? measured = null)
    {
        if (accuracy is null)
            return "";
        MetricText text = accuracy.Text;
        string interval = $"The 95 % interval of the drop is {text.Interval(accuracy.DropLow)} to {text.Interval(accuracy.DropHigh)} on {accuracy.SampleCount} samples.";
        string worst = string.Join(", ", noise.Where(node => node.SqnrDecibels < double.PositiveInfinity).Take(NamedNodes).Select(node =>
            string.Create(CultureInfo.InvariantCulture, $"'{ShownName.Of(node.Node)}' ({ShownName.Of(node.OpType)}, {node.SqnrDecibels:0.0} dB)")));
        return $"{interval} Lowest signal-to-noise ratio: {(worst.Length > 0 ? worst : "not measured")}. "
            + $"{measured ?? Advice(accuracy)}{(rejectedPath is null ? "" : $" The rejected model is kept as '{rejectedPath}'.")}";
    }

    /// <summary>Single nodes do not drown the outputs in noise; ranges from other data than the program's do.</summary>
    private static string Advice(AccuracyComparison accuracy) => accuracy.SqnrDecibels < DrownedDecibels
        ? "Nearly nothing is left of the outputs: check that the calibration data is prepared as the program and the validation data do it. Excluding nodes (ExcludedNodes) comes after that."
        : "Exclude such nodes with ExcludedNodes, or check that the calibration data is typical.";
}
