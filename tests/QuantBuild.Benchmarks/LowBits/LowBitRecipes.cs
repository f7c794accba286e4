namespace QuantBuild.Benchmarks.LowBits;

/// <summary>The files that the table is about.</summary>
internal static class LowBitRecipes
{
    /// <summary>What a user gets who asks for the scheme and the bits alone.</summary>
    public const string Uniform = "weightonly-Auto";

    /// <summary>With as few scales as possible.</summary>
    public const string Smallest = "smallest";

    private const string Auto = "Auto";

    private const string Nearest = "Nearest";

    /// <summary>What the table is about; 8 bits are there to compare with.</summary>
    public static readonly IReadOnlyList<int> DefaultBits = [4, 3, 2];

    private static readonly string[] Roundings =
    [
        Auto, Nearest, "Gptq", "Hqq", "KQuant", "Awq", "ScaleEstimation", "SequentialMse", "AdaRound",
    ];

    private static readonly (string Name, string Value) WeightOnly = ("Scheme", "WeightOnly");

    private static readonly (string Name, string Value) OneScalePerChannel = ("BlockSize", "Channel");

    private static readonly (string Codebook, string Rounding)[] Palettes =
    [
        ("KMeans", Auto), ("KMeans", Nearest), ("NormalFloat", Auto), ("PowersOfTwo", Auto),
    ];

    public static IEnumerable<int> KnownBits => [8, .. DefaultBits];

    public static IReadOnlyList<LowBitRecipe> All { get; } =
    [
        OfScheme(8, "WeightOnly", Auto),
        OfScheme(8, "Static", Auto),
        .. DefaultBits.SelectMany(OfBits),
    ];

    private static IEnumerable<LowBitRecipe> OfBits(int bits) =>
    [
        .. Roundings.Select(rounding => OfScheme(bits, "WeightOnly", rounding)),
        Make(bits, "weightonly-BlockReconstruction", WeightOnly, ("BlockReconstruction", "true")),
        OfScheme(bits, "Static", Auto),
        OfScheme(bits, "Static", Nearest),
        .. Palettes.Select(palette => OfPalette(bits, palette.Codebook, palette.Rounding)),
        Make(bits, Smallest, WeightOnly, OneScalePerChannel),
        Make(bits, "smallest-palettized", ("Scheme", "Palettized"), ("Codebook", "KMeans"), OneScalePerChannel),
    ];

    private static LowBitRecipe OfScheme(int bits, string scheme, string rounding) =>
        Make(bits, $"{scheme.ToLowerInvariant()}-{rounding}", ("Scheme", scheme), ("Rounding", rounding));

    private static LowBitRecipe OfPalette(int bits, string codebook, string rounding) =>
        Make(bits, $"palettized-{codebook}-{rounding}", ("Scheme", "Palettized"), ("Codebook", codebook), ("Rounding", rounding));

    private static LowBitRecipe Make(int bits, string algorithm, params (string Name, string Value)[] settings) =>
        new(bits, algorithm, settings.Append(("WeightType", $"Int{bits}")).ToDictionary());
}
