namespace QuantBuild.Diagnostics;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>
    /// A third of the letters may be wrong: enough for CalibrationFile → CalibrationData, too few for unrelated words to match.
    /// </summary>
    private const int LettersPerMistake = 3;

    /// <returns>The candidate with the fewest mistakes, the first of several; null when none is near.</returns>
    public static string? Find(string text, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int mistakes = Distance(text.ToUpperInvariant(), candidate.ToUpperInvariant());
            int tolerated = Math.Max(text.Length, candidate.Length) / LettersPerMistake;
            if (mistakes <= tolerated && mistakes < fewest)
                (nearest, fewest) = (candidate, mistakes);
        }

        return nearest;
    }

    /// <summary>
    /// Damerau-Levenshtein distance in its optimal string alignment form: insertions, deletions, replacements and swaps of
    /// neighbours, no letter touched twice.
    /// </summary>
    public static int Distance(string left, string right)
    {
        int[,] distance = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
            distance[i, 0] = i;
        for (int j = 0; j <= right.Length; j++)
            distance[0, j] = j;

        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                int replace = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                int best = Math.Min(replace, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                bool areSwapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                distance[i, j] = areSwapped ? Math.Min(best, distance[i - 2, j - 2] + 1) : best;
            }
        }

        return distance[left.Length, right.Length];
    }
}
