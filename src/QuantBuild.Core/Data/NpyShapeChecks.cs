using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>What is demanded of an array so that it can be read sample by sample.</summary>
internal static class NpyShapeChecks
{
    /// <summary>A sample is read into one .NET array.</summary>
    private static readonly long LargestSampleBytes = Array.MaxLength;

    /// <summary>Of an array whose first axis counts samples.</summary>
    /// <param name="holderBytes">Size of header and elements by the archive's directory, or of the file.</param>
    /// <param name="holder">What holds the array, for messages.</param>
    /// <exception cref="InvalidDataException">The array cannot be read; the message says why.</exception>
    public static void Check(NpyHeader header, long holderBytes, string holder = "archive")
    {
        if (header.Shape.Count == 0)
            throw new InvalidDataException("it is a single number; the first axis must count samples");
        CheckSize(header, header.Shape.Skip(1), header.Shape[0], holderBytes, holder);
    }

    /// <summary>Of an array that is one sample.</summary>
    /// <inheritdoc cref="Check"/>
    public static void CheckSample(NpyHeader header, long holderBytes) => CheckSize(header, header.Shape, 1, holderBytes, "file");

    private static void CheckSize(NpyHeader header, IEnumerable<long> sample, long samples, long holderBytes, string holder)
    {
        IReadOnlyList<long> shape = header.Shape;
        if (header.IsFortranOrder && shape.Count > 1)
            throw new InvalidDataException("it is in Fortran order; save numpy.ascontiguousarray(array)");

        UInt128 sampleBytes = (UInt128)header.ElementType.SizeBytes();
        foreach (long dimension in sample)
        {
            sampleBytes *= (UInt128)dimension;
            if (sampleBytes > (UInt128)LargestSampleBytes)
                throw new InvalidDataException($"a sample of shape {Shown(shape)} is larger than {LargestSampleBytes} bytes");
        }

        UInt128 expected = (sampleBytes * (UInt128)samples) + (UInt128)header.SizeBytes;
        if (expected != (UInt128)holderBytes)
            throw new InvalidDataException(
                $"its header says {expected} bytes (shape {Shown(shape)}, {header.ElementType.DisplayName()}), but the {holder} holds {holderBytes}");
    }

    private static string Shown(IReadOnlyList<long> shape) => $"[{string.Join(",", shape)}]";
}
