namespace QuantBuild.Data;

/// <summary>A reader that makes a whole sample at a time and knows its shape only then.</summary>
internal abstract class WholeSampleReader : ISampleReader
{
    private SampleBuffer[]? buffers;

    protected abstract IReadOnlyList<SampleArray> Arrays { get; }

    public abstract bool TryRead(IReadOnlyList<SampleBuffer> destinations);

    public bool TryRead(IReadOnlyList<Memory<byte>> destinations)
    {
        buffers ??= [.. Arrays.Select(array => new SampleBuffer(array))];
        for (int i = 0; i < buffers.Length; i++)
            buffers[i].PlaceAt(destinations[i]);
        return TryRead(buffers);
    }

    public virtual void Dispose()
    {
    }
}
