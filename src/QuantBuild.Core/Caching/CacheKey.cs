using System.Globalization;
using System.Text;

namespace QuantBuild.Caching;

/// <summary>Everything that a result is a function of. Two results with equal parts are the same bytes.</summary>
/// <param name="Parts">Each name once.</param>
internal sealed record CacheKey(IReadOnlyList<CachePart> Parts)
{
    private const int Format = 1;

    /// <summary>Names the entry: a hash of all parts, whatever their order.</summary>
    public string Id { get; } = ContentHash.OfText(Text(Parts));

    /// <summary>With the length of each value, so that no value can imitate the next part.</summary>
    private static string Text(IReadOnlyList<CachePart> parts)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"format {Format}\n"));
        foreach (CachePart part in parts.OrderBy(part => part.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{part.Name} {part.Value.Length} {part.Value}\n");
        return text.ToString();
    }
}

/// <param name="Name">For people: <c>model</c>, <c>CalibrationData</c>, <c>Scheme</c>.</param>
/// <param name="Value">A short value, or the hash of a long one.</param>
internal sealed record CachePart(string Name, string Value);
