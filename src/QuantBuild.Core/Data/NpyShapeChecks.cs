using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>What is demanded of an array so that it can be read sample by sample.</summary>
internal static class NpyShapeChecks
{
    /// <summary>A sample is read into one .NET array.</summary>
    private static readonly long LargestSampleBytes = Array.MaxLength;

    /// <param name="entryBytes">Size of header and elements by the archive's directory.</param>
    /// <exception cref="InvalidDataException">The array cannot be read; the message says why.</exception>
    public static void Check(NpyHeader header, long entryBytes)
    {
        IReadOnlyList<long> shape = header.Shape;
        if (shape.Count == 0)
            throw new InvalidDataException("it is a single number; the first axis must count samples");
        if (header.IsFortranOrder && shape.Count > 1)
            throw new InvalidDataException("it is in Fortran order; save numpy.ascontiguousarray(array)");

        UInt128 sampleBytes = (UInt128)header.ElementType.SizeBytes();
        foreach (long dimension in shape.Skip(1))
        {
            sampleBytes *= (UInt128)dimension;
            if (sampleBytes > (UInt128)LargestSampleBytes)
                throw new InvalidDataException($"a sample of shape {Shown(shape)} is larger than {LargestSampleBytes} bytes");
        }

        UInt128 expected = (sampleBytes * (UInt128)shape[0]) + (UInt128)header.SizeBytes;
        if (expected != (UInt128)entryBytes)
            throw new InvalidDataException(
                $"its header says {expected} bytes (shape {Shown(shape)}, {header.ElementType.DisplayName()}), but the archive holds {entryBytes}");
    }

    private static string Shown(IReadOnlyList<long> shape) => $"[{string.Join(",", shape)}]";
}
