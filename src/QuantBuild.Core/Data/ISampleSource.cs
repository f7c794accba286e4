using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>One named array of a data set. The first axis counts samples.</summary>
/// <param name="Shape">Row-major, sample axis first; <see cref="Varying"/> for an axis whose length differs from sample to sample.</param>
internal sealed record SampleArray(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape)
{
    public const long Varying = -1;

    public long SampleCount => Shape.Count == 0 ? 0 : Shape[0];

    /// <summary>True when samples take different numbers of bytes, so that each tells its own shape. Strings always do.</summary>
    public bool Varies => ElementType == OnnxElementType.String || Shape.Skip(1).Any(dimension => dimension == Varying);

    /// <summary>Elements of one sample; of an array with varying axes there is no such number.</summary>
    public long SampleLength => Shape.Skip(1).Aggregate(1L, (product, dimension) => dimension == Varying
        ? throw new InvalidOperationException($"The samples of '{Name}' have no common length.")
        : checked(product * dimension));

    public long SampleBytes => SampleLength * ElementType.SizeBytes();

    /// <summary>For messages: <c>[300,1,?]</c>.</summary>
    public string ShapeText => $"[{string.Join(",", Shape.Select(dimension => dimension == Varying ? "?" : $"{dimension}"))}]";
}

/// <summary>A data set on disk. Reading streams: what is held in memory does not depend on the number of samples.</summary>
internal interface ISampleSource
{
    /// <summary>The path of the file or folder as the user wrote it, for messages.</summary>
    string DisplayPath { get; }

    /// <summary>All arrays, ordered by name.</summary>
    IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>Absolute paths of files that are read although no setting names them.</summary>
    IReadOnlyList<string> FilesBeside => [];

    /// <summary>Opens the named arrays for reading in lockstep from the first sample on. Any number of readers may be open.</summary>
    ISampleReader OpenReader(IReadOnlyList<string> arrays);

    /// <summary>Names a sample for messages: its file or line where it has one.</summary>
    /// <param name="index">From 0.</param>
    string NameOf(long index) => $"sample {index}";
}

/// <summary>Reads samples of several arrays in lockstep, forward only.</summary>
internal interface ISampleReader : IDisposable
{
    /// <summary>Reads the next sample of every array; only for arrays of which none <see cref="SampleArray.Varies"/>.</summary>
    /// <param name="destinations">One buffer per array in the order given to <see cref="ISampleSource.OpenReader"/>,
    /// each exactly <see cref="SampleArray.SampleBytes"/> long; filled with little-endian elements in row-major order.</param>
    /// <returns>False after the last sample.</returns>
    /// <exception cref="Diagnostics.QuantBuildException">QB4001: the file ends early or is damaged.</exception>
    bool TryRead(IReadOnlyList<Memory<byte>> destinations);

    /// <summary>Reads the next sample of every array, of whatever shape it is. A source without varying arrays needs no own form of it.</summary>
    /// <param name="destinations">One per array; those of arrays that do not vary hold memory of their size already.</param>
    /// <inheritdoc cref="TryRead(IReadOnlyList{Memory{byte}})"/>
    bool TryRead(IReadOnlyList<SampleBuffer> destinations)
    {
        var fixedSizes = new Memory<byte>[destinations.Count];
        for (int i = 0; i < fixedSizes.Length; i++)
            fixedSizes[i] = destinations[i].Bytes;
        return TryRead(fixedSizes);
    }
}
