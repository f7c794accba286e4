using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A file in the IDX format of MNIST, packed with gzip or not; labels from the file beside it whose name says so.</summary>
internal static partial class IdxSampleSource
{
    public static readonly SampleFormat Format = new(
        "an IDX file (MNIST: …-images-idx3-ubyte, or with .gz), for a model with one input",
        data => data.IsFile && IdxName().IsMatch(Path.GetFileName(data.Path)),
        Open);

    private const int MostAxes = 8;

    /// <summary>Magic number, then the length of each axis, of four bytes each.</summary>
    private const int FieldBytes = 4;

    private static ISampleSource Open(DataPath data, SampleSetRequest request)
    {
        TensorSignature? input = request.Inputs.Count == 1 ? request.Inputs[0] : null;
        ArrayFile samples = data.File.Guard(() => Describe(data.Path, request.NameOr("samples"), data.DisplayPath, input));
        string labelsPath = LabelsBeside(data.Path);
        if (labelsPath == data.Path || !File.Exists(labelsPath))
            return new ArrayFileSource(data.DisplayPath, data.Origin, [samples]);
        string display = Path.Combine(Path.GetDirectoryName(data.DisplayPath)!, Path.GetFileName(labelsPath)).Replace('\\', '/');
        ArrayFile labels = new UnreadableFile(display, data.Origin).Guard(() => Describe(labelsPath, request.LabelName, display, null));
        return new ArrayFileSource(data.DisplayPath, data.Origin, [samples, labels]) { FilesBeside = [labelsPath] };
    }

    private static string LabelsBeside(string path)
    {
        string name = Path.GetFileName(path).Replace("images", "labels", StringComparison.Ordinal);
        return Path.Combine(Path.GetDirectoryName(path)!, IdxName().Replace(name, "idx1"));
    }

    private static ArrayFile Describe(string path, string name, string displayPath, TensorSignature? input)
    {
        using Stream stream = Unpacked(path);
        Span<byte> magic = stackalloc byte[FieldBytes];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0 || TypeOf(magic[2]) is not { } type || magic[3] is 0 or > MostAxes)
            throw new InvalidDataException("it is not an IDX file: its first bytes are two zeros, a type and the number of axes");
        long[] shape = new long[magic[3]];
        UInt128 sampleBytes = (UInt128)type.SizeBytes();
        Span<byte> field = stackalloc byte[FieldBytes];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            stream.ReadExactly(field);
            shape[axis] = BinaryPrimitives.ReadUInt32BigEndian(field);
            if (axis > 0 && (sampleBytes *= (UInt128)shape[axis]) > (UInt128)Array.MaxLength)
                throw new InvalidDataException($"a sample of shape [{string.Join(",", shape)}] is larger than {Array.MaxLength} bytes");
        }
        long header = FieldBytes * (1 + shape.Length);
        UInt128 expected = (sampleBytes * (UInt128)shape[0]) + (UInt128)header;
        if (stream is FileStream file && (UInt128)file.Length != expected)
            throw new InvalidDataException($"its header says {expected} bytes (shape [{string.Join(",", shape)}], {type.DisplayName()}), but the file holds {file.Length}");
        SampleArray array = new(name, type, [shape[0], .. SampleShape.For(input, shape[1..])]);
        return new ArrayFile(array, displayPath, () => Elements(path, header, type.SizeBytes()));
    }

    private static OnnxElementType? TypeOf(byte code) => code switch
    {
        0x08 => OnnxElementType.UInt8,
        0x09 => OnnxElementType.Int8,
        0x0B => OnnxElementType.Int16,
        0x0C => OnnxElementType.Int32,
        0x0D => OnnxElementType.Float,
        0x0E => OnnxElementType.Double,
        _ => null,
    };

    private static Stream Elements(string path, long header, int elementBytes)
    {
        Stream stream = Unpacked(path);
        stream.ReadExactly(new byte[header]);
        return elementBytes == 1 ? stream : new BigEndianStream(stream, elementBytes);
    }

    private static Stream Unpacked(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    [GeneratedRegex(@"idx[1-8]", RegexOptions.CultureInvariant)]
    private static partial Regex IdxName();
}
