using System.IO.Compression;

namespace QuantBuild.Data;

/// <summary>Unpacks several arrays of one archive side by side.</summary>
internal sealed class NpzSampleReader : ISampleReader
{
    private readonly UnreadableFile file;
    private readonly NpzArchive archive;
    private readonly NpzElementStream[] streams;
    private readonly long sampleCount;
    private long samplesRead;

    private NpzSampleReader(UnreadableFile file, NpzArchive archive, NpzElementStream[] streams, long sampleCount)
    {
        this.file = file;
        this.archive = archive;
        this.streams = streams;
        this.sampleCount = sampleCount;
    }

    /// <param name="arrays">All of one number of samples.</param>
    public static NpzSampleReader Open(string path, UnreadableFile file, IReadOnlyList<NpzArray> arrays)
    {
        NpzArchive archive = file.Guard(() => NpzArchive.Open(path));
        try
        {
            NpzElementStream[] streams = [.. arrays.Select(array => file.Guard(() => OpenElements(archive, array), array.Description.Name))];
            return new NpzSampleReader(file, archive, streams, arrays.Count == 0 ? 0 : arrays[0].Description.SampleCount);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public bool TryRead(IReadOnlyList<Memory<byte>> destinations)
    {
        if (samplesRead == sampleCount)
            return false;

        for (int i = 0; i < streams.Length; i++)
        {
            NpzElementStream stream = streams[i];
            Memory<byte> destination = destinations[i];
            if (destination.Length != stream.Array.Description.SampleBytes)
                throw new ArgumentException($"A sample of '{stream.Array.Description.Name}' does not fit {destination.Length} bytes.", nameof(destinations));
            stream.Read(destination.Span, isLast: samplesRead == sampleCount - 1, file);
        }

        samplesRead++;
        return true;
    }

    public void Dispose()
    {
        foreach (NpzElementStream stream in streams)
            stream.Dispose();
        archive.Dispose();
    }

    private static NpzElementStream OpenElements(NpzArchive archive, NpzArray array)
    {
        ZipArchiveEntry? entry = archive.Entries.FirstOrDefault(entry => entry.FullName == array.EntryName);
        return entry is not null && entry.Length == array.SizeBytes && entry.Crc32 == array.Checksum
            ? new NpzElementStream(array, entry.Open())
            : throw new InvalidDataException("it has changed while the file was in use");
    }
}
