using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>A data set in numpy's .npz format.</summary>
internal sealed class NpzSampleSource : ISampleSource
{
    public static readonly SampleFormat Format = new(
        "an .npz file (numpy.savez)",
        data => data.IsFile && (data.Extension == ".npz" || data.Start.AsSpan().StartsWith("PK\x03\x04"u8)),
        (data, _) => Open(data.Path, data.DisplayPath, data.Origin));

    private readonly string path;
    private readonly UnreadableFile file;
    private readonly Dictionary<string, NpzArray> arrays;

    private NpzSampleSource(string path, UnreadableFile file, IReadOnlyList<NpzArray> arrays)
    {
        this.path = path;
        this.file = file;
        this.arrays = arrays.ToDictionary(array => array.Description.Name, StringComparer.Ordinal);
        Arrays = [.. arrays.Select(array => array.Description)];
    }

    public string DisplayPath => file.DisplayPath;

    public IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>Reads the directory and the headers, and checks them; no element is read.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="displayPath">As the user wrote it, for messages.</param>
    /// <exception cref="QuantBuildException">QB4001: not an .npz archive of plain arrays with samples along the first axis.</exception>
    public static NpzSampleSource Open(string path, string displayPath, DiagnosticOrigin? origin)
    {
        UnreadableFile file = new(displayPath, origin);
        using NpzArchive archive = file.Guard(() => NpzArchive.Open(path));
        file.Guard(() => NpzDirectoryChecks.Check(archive.Entries, archive.SizeBytes));
        IEnumerable<NpzArray> arrays = archive.Entries.Select(
            entry => file.Guard(() => NpzArchive.ReadArray(entry), NpzArchive.NameOf(entry)));
        return new NpzSampleSource(path, file, [.. arrays.OrderBy(array => array.Description.Name, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    /// <exception cref="QuantBuildException">QB4008: the arrays have different numbers of samples. QB4001: the file has changed.</exception>
    public ISampleReader OpenReader(IReadOnlyList<string> arrays)
    {
        NpzArray[] wanted = [.. arrays.Select(name => this.arrays[name])];
        SampleCounts.Verify([.. wanted.Select(array => array.Description)], DisplayPath, file.Origin);
        return NpzSampleReader.Open(path, file, wanted);
    }
}
