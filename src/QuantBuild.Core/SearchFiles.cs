using System.Text;
using QuantBuild.Search;
using QuantBuild.Sensitivity;

namespace QuantBuild;

/// <summary>What a search has measured, in the folder of the outputs: a build that was stopped goes on where it was, and one with other limits need not measure
/// the layers again. What cannot be read is not there.</summary>
/// <param name="name">Name of the outputs of the model.</param>
/// <param name="layersKey">Hash of what the sensitivity of layers depends on.</param>
/// <param name="searchKey">Hash of what candidates depend on besides.</param>
internal sealed class SearchFiles(OutputFolder outputs, string name, string layersKey, string searchKey)
{
    /// <summary>Tells of what the table is.</summary>
    private byte[] Heading => Encoding.ASCII.GetBytes(layersKey + "\n");

    private string TableFile => OutputNames.Sensitivity(name);

    private string CandidatesFile => OutputNames.Candidates(name);

    /// <returns>Null when nothing was measured, or of something else.</returns>
    public SensitivityTable? Table() => Read(TableFile) is { } bytes && bytes.AsSpan().StartsWith(Heading) ? SensitivityTable.Read(bytes.AsSpan(Heading.Length)) : null;

    public void Keep(SensitivityTable table) => outputs.Write(TableFile, [.. Heading, .. table.ToBytes()]);

    public IReadOnlyList<Measured> Candidates() => Read(CandidatesFile) is { } bytes ? SearchRecord.Read(bytes, searchKey) ?? [] : [];

    public void Keep(IReadOnlyList<Measured> candidates) => outputs.Write(CandidatesFile, SearchRecord.Of(searchKey, candidates).ToBytes());

    private byte[]? Read(string file)
    {
        try
        {
            string path = outputs.PathOf(file);
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
