using System.Buffers.Binary;
using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A folder of .wav files, one per sample: float32 values from −1 to 1, the mean of the channels.</summary>
internal sealed class WavFolder(DataFolder folder) : ISampleFileReader
{
    public static readonly SampleFormat Format = new(
        "a folder of .wav files, one per sample",
        data => data.HoldsFiles(Extension),
        (data, request) => new FileSampleSource(data.Folder!, FolderLayout.Of(data.Folder!, request, Extension), request, new WavFolder(data.Folder!)));

    private const string Extension = ".wav";

    private (DataFile File, int SamplingRate)? first;

    /// <exception cref="QuantBuildException">QB4019: the sampling rate is not that of the first file.</exception>
    public (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? input)
    {
        using FileStream stream = File.OpenRead(file.Path);
        WavHeader header = Header(stream);
        first ??= (file, header.SamplingRate);
        if (header.SamplingRate != first.Value.SamplingRate)
            throw new QuantBuildException(DiagnosticCatalogue.SamplingRateMismatch.At(
                folder.Origin, folder.DisplayPath, file.Name, header.SamplingRate, first.Value.File.Name, first.Value.SamplingRate));
        return (OnnxElementType.Float, SampleShape.For(input, [header.Frames]));
    }

    public void Read(DataFile file, TensorSignature? input, SampleBuffer destination)
    {
        using FileStream stream = File.OpenRead(file.Path);
        WavHeader header = Header(stream);
        byte[] bytes = new byte[checked((int)(header.Frames * header.FrameBytes))];
        stream.Position = header.Start;
        stream.ReadExactly(bytes);
        IReadOnlyList<long> shape = SampleShape.For(input, [header.Frames]);
        Span<float> values = MemoryMarshal.Cast<byte, float>(destination.Reserve(shape, checked((int)header.Frames * sizeof(float))).Span);
        int valueBytes = header.Bits / 8;
        for (int frame = 0; frame < values.Length; frame++)
        {
            double sum = 0;
            for (int channel = 0; channel < header.Channels; channel++)
                sum += Value(bytes.AsSpan((frame * header.FrameBytes) + (channel * valueBytes), valueBytes), header.IsFloat);
            values[frame] = (float)(sum / header.Channels);
        }
    }

    /// <summary>Whole numbers over the magnitude of the most negative one; eight bits have no sign, and 128 is silence.</summary>
    private static double Value(ReadOnlySpan<byte> bytes, bool isFloat) => bytes.Length switch
    {
        1 => (bytes[0] - 128) / 128.0,
        2 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768.0,
        3 => (((sbyte)bytes[2] << 16) | (bytes[1] << 8) | bytes[0]) / 8_388_608.0,
        _ when isFloat => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648.0,
    };

    private static WavHeader Header(FileStream stream)
    {
        WavHeader header = WavHeader.Read(stream);
        return header.Frames * Math.Max(header.FrameBytes, sizeof(float)) <= Array.MaxLength / 2
            ? header
            : throw new InvalidDataException($"it is a recording of {header.Frames} samples, which is too long for one sample of data");
    }
}
