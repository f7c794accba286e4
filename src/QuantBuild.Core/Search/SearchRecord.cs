using System.Text.Json;
using System.Text.Json.Serialization;
using QuantBuild.Settings;

namespace QuantBuild.Search;

/// <summary>All that a search has measured so far, for a file: a search that was interrupted goes on with it.</summary>
/// <param name="Version">Of this layout.</param>
/// <param name="Problem">Hash of what is searched; a record of another problem tells nothing.</param>
/// <param name="Candidates">In the order in which they were measured.</param>
internal sealed record SearchRecord(int Version, string Problem, IReadOnlyList<RecordedCandidate> Candidates)
{
    public const int CurrentVersion = 1;

    /// <summary>Real ones have some hundred kilobytes.</summary>
    private const int LargestBytes = 64 << 20;

    private const int MostCandidates = 100_000;

    private const int MostLayers = 100_000;

    private const int LongestName = 10_000;

    public static SearchRecord Of(string problem, IReadOnlyList<Measured> measured) =>
        new(CurrentVersion, problem, [.. measured.Select(RecordedCandidate.Of)]);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SearchRecordJson.Default.SearchRecord);

    /// <returns>Null when it is damaged, of another version or of another problem.</returns>
    public static IReadOnlyList<Measured>? Read(ReadOnlySpan<byte> bytes, string problem)
    {
        if (bytes.Length > LargestBytes)
            return null;
        try
        {
            SearchRecord? record = JsonSerializer.Deserialize(bytes, SearchRecordJson.Default.SearchRecord);
            if (record is not { Version: CurrentVersion, Candidates.Count: <= MostCandidates } || record.Problem != problem)
                return null;
            var measured = new List<Measured>();
            foreach (RecordedCandidate? candidate in record.Candidates)
            {
                if (candidate?.Forms is not { Count: > 0 and <= MostLayers } || candidate.Measured() is not { } one)
                    return null;
                measured.Add(one);
            }

            return measured;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static bool IsName(string name) => name.Length is > 0 and <= LongestName;
}

/// <summary>One <see cref="Measured"/> candidate.</summary>
/// <param name="Forms">Layer → code of its form.</param>
internal sealed record RecordedCandidate(
    IReadOnlyDictionary<string, string> Forms,
    double PredictedNoise,
    long PredictedBytes,
    double PredictedCost,
    long Bytes,
    double Cost,
    double Noise,
    double? Drop,
    double Excess)
{
    public static RecordedCandidate Of(Measured one)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string layer, LayerForm form) in one.Proposal.Assignment.Forms.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            forms.Add(layer, form.Code);
        return new RecordedCandidate(
            forms, one.Proposal.Noise, one.Proposal.Bytes, one.Proposal.Cost, one.Bytes, one.Cost, one.Noise, one.Drop, one.Excess);
    }

    /// <returns>Null when it cannot be a candidate.</returns>
    public Measured? Measured()
    {
        var forms = new Dictionary<string, LayerForm>(StringComparer.Ordinal);
        foreach ((string layer, string? code) in Forms)
        {
            if (!SearchRecord.IsName(layer) || code is null || LayerForm.Parse(code) is not { } form)
                return null;
            forms.Add(layer, form);
        }

        return Bytes < 0 || PredictedBytes < 0 || !(PredictedNoise >= 0) || !(PredictedCost >= 0) || !(Cost >= 0) || Noise < 0
            ? null
            : new Measured(
                new Proposal(new LayerAssignment(forms), PredictedNoise, PredictedBytes, PredictedCost), Bytes, Cost, Noise, Drop, Excess);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SearchRecord))]
internal sealed partial class SearchRecordJson : JsonSerializerContext;
