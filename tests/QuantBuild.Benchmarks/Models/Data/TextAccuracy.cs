using System.Text;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>How much of a line a recognition model reads: 1 − edits ÷ length of the text, not below 0.</summary>
internal static class TextAccuracy
{
    /// <param name="alphabetPath">A line per class, from class 1 on. Class 0 is the blank between characters, the last class the space.</param>
    public static TaskMetric Of(IReadOnlyList<string> texts, string alphabetPath)
    {
        string[] alphabet = ["", .. File.ReadAllLines(alphabetPath), " "];
        return new TaskMetric("TextAccuracy", (_, predictions, sample) =>
        {
            string read = Decode(predictions.Of(0, sample), alphabet);
            return Math.Max(0, 1 - ((double)Edits(texts[sample], read) / texts[sample].Length));
        });
    }

    /// <summary>The likeliest class of each step; repetitions and blanks left out.</summary>
    private static string Decode(ReadOnlySpan<float> probabilities, string[] alphabet)
    {
        var text = new StringBuilder();
        int previous = 0;
        for (; probabilities.Length > 0; probabilities = probabilities[alphabet.Length..])
        {
            int likeliest = TaskMetric.IndexOfLargest(probabilities[..alphabet.Length]);
            if (likeliest != previous)
                text.Append(alphabet[likeliest]);
            previous = likeliest;
        }
        return text.ToString();
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        foreach ((int i, char character) in left.Index())
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replaced = diagonal + (character == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], diagonal));
            }
        }
        return row[^1];
    }
}
