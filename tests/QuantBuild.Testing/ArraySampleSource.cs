using QuantBuild.Data;

namespace QuantBuild.Testing;

/// <summary>A data set in memory.</summary>
internal sealed class ArraySampleSource(params NamedArray[] arrays) : ISampleSource
{
    public string DisplayPath => "samples in memory";

    public IReadOnlyList<SampleArray> Arrays { get; } =
        [.. arrays.Select(array => array.Description).OrderBy(array => array.Name, StringComparer.Ordinal)];

    public ISampleReader OpenReader(IReadOnlyList<string> names) =>
        new Reader([.. names.Select(name => arrays.Single(array => array.Name == name))]);

    private sealed class Reader(NamedArray[] arrays) : ISampleReader
    {
        private long samplesRead;

        public bool TryRead(IReadOnlyList<Memory<byte>> destinations)
        {
            if (samplesRead == arrays.Min(array => array.Description.SampleCount))
                return false;

            foreach ((NamedArray array, Memory<byte> destination) in arrays.Zip(destinations))
            {
                int sampleBytes = (int)array.Description.SampleBytes;
                array.Bytes.AsMemory((int)samplesRead * sampleBytes, sampleBytes).CopyTo(destination);
            }

            samplesRead++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
