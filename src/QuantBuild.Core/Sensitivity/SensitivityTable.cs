using System.Text.Json;
using System.Text.Json.Serialization;
using QuantBuild.Settings;

namespace QuantBuild.Sensitivity;

/// <summary>What layers, each alone, change in the outputs of a model.</summary>
/// <param name="Samples">Calibration samples that were run.</param>
/// <param name="FloatPasses">What it has cost so far, in runs of the float model over all calibration samples.</param>
/// <param name="Entries">All forms of a layer behind each other.</param>
internal sealed record SensitivityTable(int Samples, double FloatPasses, IReadOnlyList<SensitivityEntry> Entries)
{
    public static SensitivityTable Empty { get; } = new(0, 0, []);

    /// <returns>Null for what has not been measured.</returns>
    public SensitivityEntry? Of(string layer, LayerForm form) =>
        Entries.FirstOrDefault(entry => entry.Form == form.Code && string.Equals(entry.Layer, layer, StringComparison.Ordinal));

    public bool Has(string layer) => Entries.Any(entry => string.Equals(entry.Layer, layer, StringComparison.Ordinal));

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SensitivityJson.Default.SensitivityTable);

    /// <returns>Null for what is no such table, or not a whole one.</returns>
    public static SensitivityTable? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, SensitivityJson.Default.SensitivityTable) is { } table && table.IsSound ? table : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsSound => Samples >= 0 && double.IsFinite(FloatPasses) && FloatPasses >= 0 && Entries is not null
        && Entries.All(entry => entry is { Layer.Length: > 0, Form.Length: > 0 } && LayerForm.Parse(entry.Form)?.Code == entry.Form
            && double.IsFinite(entry.Noise) && entry.Noise >= 0 && entry.Divergence is null or (>= 0 and < double.PositiveInfinity))
        && Entries.Select(entry => (entry.Layer, entry.Form)).Distinct().Count() == Entries.Count;
}

/// <param name="Layer">Name of the layer.</param>
/// <param name="Form">Code of the form that it alone has.</param>
/// <param name="Noise">Power of the difference of all float outputs over their power.</param>
/// <param name="Divergence">Kullback-Leibler divergence of the softmax of the outputs from that of the float model, in nats, mean over all rows; null when the outputs have none.</param>
/// <param name="Measured">False when it was worked out from a measurement of another form.</param>
internal sealed record SensitivityEntry(string Layer, string Form, double Noise, double? Divergence, bool Measured)
{
    /// <summary>Null when nothing differs.</summary>
    [JsonIgnore]
    public double? Decibels => Noise > 0 ? -10 * Math.Log10(Noise) : null;
}

[JsonSerializable(typeof(SensitivityTable))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SensitivityJson : JsonSerializerContext;
