namespace QuantBuild.Generation;

/// <summary>The names of one scope of the generated code, each given once.</summary>
/// <param name="comparer">Which names are the same in the language.</param>
internal sealed class NameScope(StringComparer comparer, params IEnumerable<string> reserved)
{
    private readonly HashSet<string> taken = new(reserved, comparer);

    /// <summary>Takes <paramref name="wanted"/>, or when it is taken the first free one of <c>wanted2</c>, <c>wanted3</c> ….</summary>
    public string Take(string wanted)
    {
        string name = wanted;
        for (long suffix = 2; !taken.Add(name); suffix++)
            name = wanted + Identifiers.Digits(suffix);
        return name;
    }
}
