using System.IO.Compression;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>What is left of a file when everything that repeats is taken out.</summary>
internal static class CompressedSize
{
    /// <summary>Of the file and those beside it that hold its weights, with Brotli at its best level.</summary>
    public static long Of(string path)
    {
        var file = new FileInfo(path);
        return file.Directory!.GetFiles(file.Name + "*").Sum(Compress);
    }

    private static long Compress(FileInfo file)
    {
        using var counted = new MemoryStream();
        using (FileStream source = file.OpenRead())
        using (var brotli = new BrotliStream(counted, CompressionLevel.SmallestSize, leaveOpen: true))
            source.CopyTo(brotli);
        return counted.Length;
    }
}
