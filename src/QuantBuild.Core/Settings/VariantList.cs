using QuantBuild.Diagnostics;

namespace QuantBuild.Settings;

/// <summary>The forms in which one model is wanted: names with semicolons between them, in any case, each once.</summary>
internal sealed record VariantList : SettingKind
{
    public static readonly IReadOnlyList<string> Available = ["Static", "Dynamic", "WeightOnly8", "WeightOnly4", "Float16", "None"];

    private static readonly Choice Words = new(Available, []);

    public override string Allowed => $"{Words.Allowed}, with semicolons between them, each once";

    public override SettingReading Read(string text)
    {
        SettingReading[] words = [.. Split(text).Select(Words.Read)];
        if (words.Length == 0 || words.Any(word => word.Verdict == SettingVerdict.Invalid) || Split(text).Distinct(StringComparer.OrdinalIgnoreCase).Count() < words.Length)
            return SettingReading.Invalid;
        return words.Any(word => word.Verdict == SettingVerdict.NotAvailable)
            ? SettingReading.NotAvailable
            : SettingReading.Valid(string.Join(';', words.Select(word => word.Value)));
    }

    /// <summary>The same list with every name replaced by the nearest one, and without repetitions.</summary>
    public override string? Nearest(string text)
    {
        string list = string.Join(';', Split(text).Select(word => Words.Nearest(word) ?? word).Distinct(StringComparer.OrdinalIgnoreCase));
        return Read(list) is { Verdict: SettingVerdict.Valid } valid ? valid.Value : null;
    }

    /// <returns>The name in its normal spelling; null when there is no such variant.</returns>
    public static string? NormalName(string variant) => Words.Read(variant) is { Verdict: SettingVerdict.Valid } word ? word.Value : null;

    /// <param name="variant">In its normal spelling.</param>
    public static QuantizationScheme SchemeOf(string variant) =>
        variant is "WeightOnly8" or "WeightOnly4" ? QuantizationScheme.WeightOnly : Enum.Parse<QuantizationScheme>(variant);

    /// <param name="variant">In its normal spelling.</param>
    /// <returns>Null when the variant says nothing of it.</returns>
    public static string? WeightTypeOf(string variant) => variant switch
    {
        "WeightOnly4" => "Int4",
        "WeightOnly8" => "Int8",
        _ => null,
    };

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
