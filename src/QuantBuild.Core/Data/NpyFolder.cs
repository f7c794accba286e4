using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A folder of .npy files: one per sample, or one per array with all samples.</summary>
internal sealed class NpyFolder : ISampleFileReader
{
    public static readonly SampleFormat Format = new(
        "a folder of .npy files, one per sample or one per input with all samples",
        data => data.HoldsFiles(NpySampleSource.Extension),
        Open);

    public (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? input)
    {
        using FileStream stream = File.OpenRead(file.Path);
        NpyHeader header = ReadHeader(stream);
        return (header.ElementType, header.Shape);
    }

    public void Read(DataFile file, TensorSignature? input, SampleBuffer destination)
    {
        using FileStream stream = File.OpenRead(file.Path);
        NpyHeader header = ReadHeader(stream);
        stream.ReadExactly(destination.Reserve(header.Shape, (int)(stream.Length - header.SizeBytes)).Span);
    }

    private static ISampleSource Open(DataPath data, SampleSetRequest request)
    {
        DataFolder folder = data.Folder!;
        if (FolderLayout.ArrayFiles(folder, request, NpySampleSource.Extension) is not { } arrays)
            return new FileSampleSource(folder, FolderLayout.Of(folder, request, NpySampleSource.Extension), request, new NpyFolder());
        return new ArrayFileSource(
            data.DisplayPath, data.Origin, [.. arrays.Select(file => NpySampleSource.Describe(file.Path, file.Stem, $"{data.DisplayPath}/{file.Name}",
                new UnreadableFile($"{data.DisplayPath}/{file.Name}", data.Origin)))]);
    }

    private static NpyHeader ReadHeader(FileStream stream)
    {
        NpyHeader header = NpyHeader.Read(stream);
        NpyShapeChecks.CheckSample(header, stream.Length);
        return header;
    }
}
