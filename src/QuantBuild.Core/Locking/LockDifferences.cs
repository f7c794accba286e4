using System.Globalization;

namespace QuantBuild.Locking;

/// <summary>In what two entries differ, in words.</summary>
internal static class LockDifferences
{
    /// <summary>More would not be read; the files themselves can be compared.</summary>
    private const int MostShown = 6;

    public static IEnumerable<string> OfInputs(LockEntry locked, LockEntry now) =>
        Of("model", locked.Model, now.Model)
            .Concat(Of(locked.Files, now.Files))
            .Concat(Of(locked.Settings, now.Settings));

    /// <param name="compareOutput">False where the same choices give other bytes: on processors of another class.</param>
    public static IEnumerable<string> OfAll(LockEntry locked, LockEntry now, bool compareOutput)
    {
        // What was made from something else is something else: the choices would only hide the cause.
        string[] inputs = [.. OfInputs(locked, now)];
        if (inputs.Length > 0)
            return inputs;
        IEnumerable<string> choices = OfChoices(locked.Choices, now.Choices);
        return compareOutput ? choices.Concat(Of("output", locked.Output.Sha256, now.Output.Sha256)) : choices;
    }

    /// <summary>The first differences, and how many there are besides.</summary>
    public static string Text(IEnumerable<string> differences)
    {
        string[] all = [.. differences];
        string shown = string.Join("; ", all.Take(MostShown));
        return all.Length <= MostShown ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}; and {all.Length - MostShown} more");
    }

    public static IEnumerable<string> OfChoices(LockedChoices locked, LockedChoices now) =>
    [
        .. now.Integers.Except(locked.Integers, StringComparer.Ordinal).Select(node => $"'{node}' runs in integers now"),
        .. locked.Integers.Except(now.Integers, StringComparer.Ordinal).Select(node => $"'{node}' does not run in integers any more"),
        .. Of(Words(locked.Steps), Words(now.Steps)),
        .. Of(locked.Activations, now.Activations),
        .. Of(locked.Layers ?? [], now.Layers ?? []),
        .. Of(locked.Kernels ?? [], now.Kernels ?? []),
    ];

    private static SortedDictionary<string, string> Words(SortedDictionary<string, bool> steps) =>
        new(steps.ToDictionary(step => step.Key, step => step.Value ? "kept" : "dropped"), StringComparer.Ordinal);

    private static IEnumerable<string> Of(SortedDictionary<string, string> locked, SortedDictionary<string, string> now) =>
        locked.Keys.Union(now.Keys, StringComparer.Ordinal).OrderBy(name => name, StringComparer.Ordinal)
            .SelectMany(name => Of(name, locked.GetValueOrDefault(name), now.GetValueOrDefault(name)));

    private static IEnumerable<string> Of(string name, string? locked, string? now)
    {
        if (locked != now)
            yield return $"{name}: {Short(locked)} is locked, {Short(now)} is what there is now";
    }

    /// <summary>The first digits of a hash say enough.</summary>
    private static string Short(string? value) => value switch
    {
        null or "" => "nothing",
        { Length: 64 } hash when hash.All(char.IsAsciiHexDigit) => hash[..12] + "…",
        _ => $"'{value}'",
    };
}
