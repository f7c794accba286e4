using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>A file with all samples of one array, one behind the other.</summary>
/// <param name="DisplayPath">For messages.</param>
/// <param name="Open">Gives a stream at the first element.</param>
internal sealed record ArrayFile(SampleArray Description, string DisplayPath, Func<Stream> Open);

/// <summary>A data set of one file per array.</summary>
internal sealed class ArrayFileSource : ISampleSource
{
    private readonly DiagnosticOrigin? origin;
    private readonly Dictionary<string, ArrayFile> files;

    public ArrayFileSource(string displayPath, DiagnosticOrigin? origin, IReadOnlyList<ArrayFile> files)
    {
        DisplayPath = displayPath;
        this.origin = origin;
        this.files = files.ToDictionary(file => file.Description.Name, StringComparer.Ordinal);
        Arrays = [.. files.Select(file => file.Description).OrderBy(array => array.Name, StringComparer.Ordinal)];
    }

    public string DisplayPath { get; }

    public IReadOnlyList<SampleArray> Arrays { get; }

    public IReadOnlyList<string> FilesBeside { get; init; } = [];

    /// <inheritdoc/>
    /// <exception cref="QuantBuildException">QB4008: the arrays have different numbers of samples.</exception>
    public ISampleReader OpenReader(IReadOnlyList<string> arrays)
    {
        ArrayFile[] wanted = [.. arrays.Select(name => files[name])];
        SampleCounts.Verify([.. wanted.Select(file => file.Description)], DisplayPath, origin);
        var reader = new Reader(wanted.Length == 0 ? 0 : wanted[0].Description.SampleCount);
        try
        {
            foreach (ArrayFile file in wanted)
                reader.Add(file, new UnreadableFile(file.DisplayPath, origin));
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private sealed class Reader(long left) : ISampleReader
    {
        private readonly List<(Stream Stream, ArrayFile File, UnreadableFile Problem)> open = [];
        private long left = left;

        public void Add(ArrayFile file, UnreadableFile problem) => open.Add((problem.Guard(file.Open), file, problem));

        public bool TryRead(IReadOnlyList<Memory<byte>> destinations)
        {
            if (left == 0)
                return false;
            for (int i = 0; i < open.Count; i++)
            {
                (Stream stream, ArrayFile file, UnreadableFile problem) = open[i];
                Memory<byte> destination = destinations[i];
                if (destination.Length != file.Description.SampleBytes)
                    throw new ArgumentException($"A sample of '{file.Description.Name}' does not fit {destination.Length} bytes.", nameof(destinations));
                problem.Guard(() => stream.ReadExactly(destination.Span));
            }
            left--;
            return true;
        }

        public void Dispose()
        {
            foreach ((Stream stream, _, _) in open)
                stream.Dispose();
        }
    }
}
