using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>How weights are stored in few bits.</summary>
internal sealed record LowBitSettings
{
    /// <summary>Evenly spaced values with 8 bits and a scale per channel, which no rounding has to make up for.</summary>
    public static LowBitSettings EightBits { get; } = new();

    /// <summary>1 to 8.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Every block has a zero point.</summary>
    public bool HasZeroPoints { get; init; }

    /// <summary>Weights of a channel that share a scale; <see cref="int.MaxValue"/> for all of them; null: chosen.</summary>
    public int? BlockSize { get; init; }

    public CodebookKind Codebook { get; init; } = CodebookKind.None;

    /// <summary>Ascending, the largest magnitude 1 to 2; of <see cref="CodebookKind.Given"/>.</summary>
    public IReadOnlyList<float> Levels { get; init; } = [];

    /// <summary>False for <see cref="EightBits"/>.</summary>
    public bool IsOn => Bits < 8 || BlockSize is not null || Codebook != CodebookKind.None;

    public static LowBitSettings Of(SettingsInForce settings)
    {
        string type = settings.ValueOf(SettingCatalogue.WeightType);
        string codebook = settings.ValueOf(SettingCatalogue.Codebook);
        float[]? levels = CodebookValues.ValuesOf(codebook);
        return new LowBitSettings
        {
            Bits = BitsOf(type),
            HasZeroPoints = type[0] == 'U',
            BlockSize = BlockLength.LengthOf(settings.ValueOf(SettingCatalogue.BlockSize)),
            Codebook = levels is not null ? CodebookKind.Given
                : codebook != "Auto" ? Enum.Parse<CodebookKind>(codebook)
                : settings.ValueOf(SettingCatalogue.Scheme) == "Palettized" ? CodebookKind.KMeans
                : CodebookKind.None,
            Levels = levels is null ? [] : CodebookValues.ToLevels(levels),
        };
    }

    /// <param name="weightType">A value of <see cref="SettingCatalogue.WeightType"/>.</param>
    public static int BitsOf(string weightType) =>
        int.Parse(weightType.AsSpan(weightType.IndexOf('t', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
}

internal enum CodebookKind
{
    /// <summary>Evenly spaced values.</summary>
    None,

    /// <summary>Those with the smallest error.</summary>
    KMeans,

    /// <summary>Quantiles of the normal distribution.</summary>
    NormalFloat,

    /// <summary>Sums of powers of two.</summary>
    PowersOfTwo,

    /// <summary>Named by the user.</summary>
    Given,
}
