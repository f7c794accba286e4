using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>The names of the classes of a model, in the order of their numbers.</summary>
/// <param name="DisplayPath">What names them, for messages: a file, or the folder whose sub-folders do.</param>
internal sealed class ClassNames(IReadOnlyList<string> names, string displayPath)
{
    private readonly Dictionary<string, int> numbers = names.Select((name, number) => (name, number)).ToDictionary(StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = names;

    public string DisplayPath { get; } = displayPath;

    /// <param name="where">What holds the name, for the message: <c>line 3 of 'data/labels.csv'</c>.</param>
    /// <exception cref="QuantBuildException">QB4015: there is no such class.</exception>
    public int NumberOf(string name, string where, DiagnosticOrigin? origin) =>
        numbers.TryGetValue(name, out int number) ? number : throw new QuantBuildException(DiagnosticCatalogue.UnknownClass.At(
            origin,
            where,
            TextLine.Of(name),
            DisplayPath,
            NearestName.Find(name, Names) is { } nearest ? $"did you mean '{nearest}'?" : $"it names {Names.Count} classes, and none is alike."));
}
