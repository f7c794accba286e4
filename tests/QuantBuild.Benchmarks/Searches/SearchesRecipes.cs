namespace QuantBuild.Benchmarks.Searches;

/// <summary>Files of ours in which all layers are treated alike.</summary>
internal static class SearchesRecipes
{
    /// <summary>What ships when nothing is searched.</summary>
    public const string EightBits = "eight-bits";

    public static IReadOnlyList<(string Tool, IReadOnlyDictionary<string, string> Settings)> All { get; } =
    [
        (EightBits, Of(("TimeBudget", "0"))),
        ("static8", Of(("Scheme", "Static"))),
        ("dynamic8", Of(("Scheme", "Dynamic"))),
        .. new[] { 8, 4, 3, 2 }.Select(bits => ($"weightonly{bits}", Of(("Scheme", "WeightOnly"), ("WeightType", $"Int{bits}")))),
    ];

    private static IReadOnlyDictionary<string, string> Of(params (string Name, string Value)[] settings) =>
        settings.Append(("Gate", "Off")).ToDictionary();
}
