using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Files of bare little-endian numbers, which take type and shape from the model's input: one with all samples, one per input, or one per
/// sample.</summary>
internal sealed class RawSampleSource(DataPath data, SampleSetRequest request) : ISampleFileReader
{
    public static readonly SampleFormat FileFormat = new(
        "a .bin or .raw file of little-endian numbers with all samples, for a model with one input",
        data => data.IsFile && Extensions.Contains(data.Extension),
        (data, request) => new ArrayFileSource(data.DisplayPath, data.Origin, [Describe(data, data.Path, data.DisplayPath, OnlyInput(data, request), request)]));

    public static readonly SampleFormat FolderFormat = new(
        "a folder of .bin or .raw files of little-endian numbers, one per sample or one per input with all samples",
        data => data.HoldsFiles(Extensions),
        OpenFolder);

    private static readonly string[] Extensions = [".bin", ".raw"];

    public (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? input)
    {
        if (input is null)
            throw new InvalidDataException("it is of no input of the model, so that its type is not known");
        return (input.ElementType, ShapeOf(file, input));
    }

    public void Read(DataFile file, TensorSignature? input, SampleBuffer destination)
    {
        using FileStream stream = File.OpenRead(file.Path);
        stream.ReadExactly(destination.Reserve(ShapeOf(file, input!), checked((int)file.SizeBytes)).Span);
    }

    private static ISampleSource OpenFolder(DataPath data, SampleSetRequest request)
    {
        if (FolderLayout.ArrayFiles(data.Folder!, request, Extensions) is not { } files)
            return new FileSampleSource(
                data.Folder!, FolderLayout.Of(data.Folder!, request, Extensions), request, new RawSampleSource(data, request));
        return new ArrayFileSource(
            data.DisplayPath,
            data.Origin,
            [
                .. files.Where(file => request.Input(file.Stem) is not null)
                    .Select(file => Describe(data, file.Path, $"{data.DisplayPath}/{file.Name}", request.Input(file.Stem)!, request)),
            ]);
    }

    private static TensorSignature OnlyInput(DataPath data, SampleSetRequest request) => request.Inputs.Count == 1
        ? request.Inputs[0]
        : throw data.File.Because("it is a file of bare numbers, which a model with one input takes; give a folder with a file per input");

    private static ArrayFile Describe(DataPath data, string path, string displayPath, TensorSignature input, SampleSetRequest request)
    {
        IReadOnlyList<long> shape = RawShape.Of(input, request, data, mayFindOne: false);
        var problem = new UnreadableFile(displayPath, data.Origin);
        return problem.Guard(() =>
        {
            long sampleBytes = BytesOf(input, shape);
            long length = new FileInfo(path).Length;
            if (sampleBytes == 0 || length % sampleBytes != 0)
                throw new InvalidDataException($"it has {length} bytes, which is no whole number of samples of {sampleBytes} bytes ({input.ElementType.DisplayName()} [{string.Join(",", shape)}])");
            return new ArrayFile(
                new SampleArray(input.Name, input.ElementType, [length / sampleBytes, .. shape]),
                displayPath,
                () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        });
    }

    private static long BytesOf(TensorSignature input, IEnumerable<long> shape)
    {
        UInt128 bytes = (UInt128)input.ElementType.SizeBytes();
        foreach (long dimension in shape)
            if ((bytes *= (UInt128)dimension) > (UInt128)Array.MaxLength)
                throw new InvalidDataException($"a sample of shape [{string.Join(",", shape)}] is larger than {Array.MaxLength} bytes");
        return (long)bytes;
    }

    /// <summary>With the free axis that follows from the length of the file.</summary>
    private long[] ShapeOf(DataFile file, TensorSignature input)
    {
        long[] shape = [.. RawShape.Of(input, request, data, mayFindOne: true)];
        long known = BytesOf(input, shape.Where(dimension => dimension != SampleArray.Varying));
        int free = Array.IndexOf(shape, SampleArray.Varying);
        if (free >= 0 && known > 0 && file.SizeBytes % known == 0 && file.SizeBytes <= Array.MaxLength)
            shape[free] = file.SizeBytes / known;
        else if (free >= 0 || known != file.SizeBytes)
            throw new InvalidDataException(
                $"it has {file.SizeBytes} bytes, but a sample of {input.ElementType.DisplayName()} [{string.Join(",", shape.Select(one => one < 0 ? "?" : $"{one}"))}] "
                + (free >= 0 ? $"has a whole number of {known}" : $"has {known}"));
        return shape;
    }
}
