namespace QuantBuild.Data;

/// <summary>Where a reader puts one sample of one array, with the shape that the sample has. Memory of the longest sample so far is kept.</summary>
internal sealed class SampleBuffer
{
    private readonly bool varies;
    private readonly long[] fixedShape;
    private byte[] own = [];

    public SampleBuffer(SampleArray array)
    {
        Array = array;
        varies = array.Varies;
        fixedShape = varies ? [] : [.. array.Shape.Skip(1)];
        Shape = fixedShape;
        if (!varies)
            Bytes = new byte[array.SampleBytes];
    }

    public SampleArray Array { get; }

    /// <summary>Of the sample, without the axis that counts samples.</summary>
    public IReadOnlyList<long> Shape { get; private set; }

    /// <summary>The sample's elements: little-endian, row-major. Strings as <see cref="SampleStrings"/> writes them.</summary>
    public Memory<byte> Bytes { get; private set; }

    /// <summary>Has the next sample of an array that does not vary put into memory of somebody else.</summary>
    public void PlaceAt(Memory<byte> memory) => Bytes = memory;

    /// <summary>Memory for a sample of this shape.</summary>
    /// <exception cref="InvalidDataException">The array does not vary, and this sample is of another shape than all others.</exception>
    public Memory<byte> Reserve(IReadOnlyList<long> shape, int sizeBytes)
    {
        if (!varies)
            return shape.SequenceEqual(fixedShape) && sizeBytes == Bytes.Length
                ? Bytes
                : throw new InvalidDataException("it has changed while the data was in use");
        if (own.Length < sizeBytes)
            own = new byte[sizeBytes];
        Shape = [.. shape];
        return Bytes = own.AsMemory(0, sizeBytes);
    }
}
