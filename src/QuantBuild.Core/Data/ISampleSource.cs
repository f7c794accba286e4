using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>One named array of a data set. The first axis counts samples.</summary>
/// <param name="Shape">Row-major, sample axis first.</param>
internal sealed record SampleArray(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape)
{
    public long SampleCount => Shape.Count == 0 ? 0 : Shape[0];

    /// <summary>Elements of one sample.</summary>
    public long SampleLength => Shape.Skip(1).Aggregate(1L, (product, dimension) => checked(product * dimension));

    public long SampleBytes => SampleLength * ElementType.SizeBytes();
}

/// <summary>A data set on disk. Reading streams: what is held in memory does not depend on the number of samples.</summary>
internal interface ISampleSource
{
    /// <summary>The file's path as the user wrote it, for messages.</summary>
    string DisplayPath { get; }

    /// <summary>All arrays, ordered by name.</summary>
    IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>Opens the named arrays for reading in lockstep from the first sample on. Any number of readers may be open.</summary>
    ISampleReader OpenReader(IReadOnlyList<string> arrays);
}

/// <summary>Reads samples of several arrays in lockstep, forward only.</summary>
internal interface ISampleReader : IDisposable
{
    /// <summary>Reads the next sample of every array.</summary>
    /// <param name="destinations">One buffer per array in the order given to <see cref="ISampleSource.OpenReader"/>,
    /// each exactly <see cref="SampleArray.SampleBytes"/> long; filled with little-endian elements in row-major order.</param>
    /// <returns>False after the last sample.</returns>
    /// <exception cref="Diagnostics.QuantBuildException">QB4001: the file ends early or is damaged.</exception>
    bool TryRead(IReadOnlyList<Memory<byte>> destinations);
}
