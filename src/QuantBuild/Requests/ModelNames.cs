using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace QuantBuild.Tasks.Requests;

/// <summary>Names the outputs of a project's models: unique in the project on every file system, the same in every build.</summary>
internal static class ModelNames
{
    /// <summary>Keeps full paths of outputs below the 260 characters that some tools on Windows still have.</summary>
    private const int LongestStem = 64;

    private const int HashBytes = 4;

    private static readonly string[] DeviceNames =
    [
        "CON", "PRN", "AUX", "NUL",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ];

    /// <param name="includes">Identities of the items, in the order of the project.</param>
    /// <param name="variants">Of each item; a null stands for the model itself.</param>
    /// <returns>One name per item: the file's stem, with a hash of the identity when outputs of two items would share a name.</returns>
    public static IReadOnlyList<string> For(IReadOnlyList<string> includes, IReadOnlyList<IReadOnlyList<string?>> variants)
    {
        List<string> stems = [.. includes.Select(FileSafeStem)];
        List<IEnumerable<string>> outputs = [.. stems.Zip(
            variants, (stem, names) => names.Select(name => Of(stem, name)).Prepend(stem).Distinct(StringComparer.OrdinalIgnoreCase))];
        var shared = new HashSet<string>(
            outputs.SelectMany(names => names).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key),
            StringComparer.OrdinalIgnoreCase);

        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>(includes.Count);
        for (int i = 0; i < includes.Count; i++)
        {
            occurrences[includes[i]] = occurrences.TryGetValue(includes[i], out int count) ? count + 1 : 1;
            bool needsHash = outputs[i].Any(shared.Contains) || stems[i].Length == LongestStem;
            names.Add(needsHash ? stems[i] + "." + Hash(includes[i], occurrences[includes[i]]) : stems[i]);
        }

        return names;
    }

    /// <param name="name">Of the item.</param>
    /// <param name="variant">Null: the model has one form only.</param>
    public static string Of(string name, string? variant) => variant == null ? name : name + "." + variant;

    private static string FileSafeStem(string include)
    {
        string file = include.Substring(include.LastIndexOfAny(['/', '\\']) + 1);
        string stem = Path.GetFileNameWithoutExtension(file);
        var safe = new StringBuilder(stem.Length);
        foreach (char character in stem)
            safe.Append(char.IsLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_');

        string name = safe.ToString(0, Math.Min(safe.Length, LongestStem)).TrimStart('.');
        if (name.Length == 0)
            return "model";
        return DeviceNames.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase) ? "_" + name : name;
    }

    private static string Hash(string include, int occurrence)
    {
        string text = occurrence == 1 ? include : include + "\n" + occurrence.ToString(CultureInfo.InvariantCulture);
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(text));
        return string.Concat(hash.Take(HashBytes).Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
