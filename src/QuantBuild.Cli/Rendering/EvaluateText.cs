using QuantBuild.Cli.Commands;
using QuantBuild.Evaluation;

namespace QuantBuild.Cli.Rendering;

/// <summary>An accuracy in the words and units of its metric.</summary>
internal static class EvaluateText
{
    public static void Write(TextWriter writer, EvaluateResult result, AccuracyComparison comparison)
    {
        MetricText text = comparison.Text;
        writer.WriteLine($"{result.Model}: {text.Name} {text.Value(result.Value)} on {Figures.Count(result.Samples)} samples");
        if (result.Against is not null)
        {
            string change = comparison.IsLowerBetter ? "rise" : "drop";
            writer.WriteLine(
                $"  against {result.Against}: {text.Value(comparison.Float)}, {change} {text.Difference(comparison.Drop)} "
                + $"(95 % interval {text.Interval(comparison.DropLow)} to {text.Interval(comparison.DropHigh)}), outputs {Figures.Decibels(result.SqnrDecibels)}");
        }
        foreach (EvaluatedSlice slice in result.Slices)
            writer.WriteLine($"  slice '{slice.Name}': {(double.IsFinite(slice.Value) ? text.Value(slice.Value) : "-")} on {Figures.Count(slice.Samples)} samples");
    }
}
