using QuantBuild.Data;
using QuantBuild.Onnx;

namespace QuantBuild.Providers;

/// <summary>The samples that a class of the user gives, as a data set. Every reading runs the class again, and has to find the same samples.</summary>
internal sealed class ProviderSampleSource : ISampleSource
{
    /// <summary>Where an enumeration without end ends: a hash of each sample is kept, which takes less than a megabyte.</summary>
    public const int MostSamples = 100_000;

    private readonly SampleProvider provider;
    private readonly string path;
    private readonly SampleSetRequest request;
    private readonly CancellationToken cancellation;
    private readonly List<ulong> hashes = [];
    private readonly Dictionary<string, int> ranks = new(StringComparer.Ordinal);

    /// <summary>Reads all samples once, to know names, types, shapes and their number.</summary>
    /// <param name="path">What the class is given: an absolute path, or nothing.</param>
    /// <param name="limit">At most so many samples are asked for; null: <see cref="MostSamples"/>.</param>
    /// <exception cref="Diagnostics.QuantBuildException">QB4034: the class failed. QB4035: what it gave is no sample.</exception>
    public ProviderSampleSource(
        SampleProvider provider, string path, string displayPath, long? limit, SampleSetRequest request, CancellationToken cancellation)
    {
        this.provider = provider;
        this.path = path;
        this.request = request;
        this.cancellation = cancellation;
        DisplayPath = displayPath;
        Arrays = Describe(Math.Min(limit ?? MostSamples, MostSamples));
    }

    public string DisplayPath { get; }

    public IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>Axes that the class gave an array; it may have left out some that the model's input has.</summary>
    public int RankOf(string array) => ranks[array];

    public ISampleReader OpenReader(IReadOnlyList<string> arrays) => new Reader(this, arrays);

    private SampleArray[] Describe(long limit)
    {
        IReadOnlyList<ProviderArray> first = [];
        long[][] shapes = [];
        foreach (ProviderSample sample in Samples(limit))
        {
            if (hashes.Count == 0)
            {
                first = [.. sample.Arrays.Select(array => array with { Elements = Array.Empty<byte>(), Text = null })];
                shapes = [.. first.Select(array => array.Shape.ToArray())];
                foreach (ProviderArray array in sample.Arrays)
                    ranks.Add(array.Name, array.Elements.Rank);
            }
            else
            {
                Compare(first, shapes, sample.Arrays);
            }
            hashes.Add(sample.Hash());
        }
        return [.. first.Select((array, i) => new SampleArray(array.Name, array.ElementType, [hashes.Count, .. shapes[i]]))];
    }

    /// <param name="shapes">Of the samples before; an axis in which this one differs becomes a varying one.</param>
    private void Compare(IReadOnlyList<ProviderArray> first, long[][] shapes, IReadOnlyList<ProviderArray> arrays)
    {
        if (!arrays.Select(array => array.Name).SequenceEqual(first.Select(array => array.Name), StringComparer.Ordinal))
            throw Wrong($"it has the arrays {Names(arrays)}, but sample 0 has {Names(first)}");
        for (int i = 0; i < arrays.Count; i++)
        {
            ProviderArray array = arrays[i];
            if (array.ElementType != first[i].ElementType)
                throw Wrong($"its array '{array.Name}' holds {array.ElementType.DisplayName()}, but that of sample 0 holds {first[i].ElementType.DisplayName()}");
            if (array.Shape.Count != shapes[i].Length)
                throw Wrong($"its array '{array.Name}' has the shape {ShapeText(array)}, but that of sample 0 has {ShapeText(first[i])}");
            for (int axis = 0; axis < shapes[i].Length; axis++)
                if (array.Shape[axis] != shapes[i][axis])
                    shapes[i][axis] = SampleArray.Varying;
        }

        Exception Wrong(string why) => provider.Wrong(hashes.Count, path, why);
    }

    private IEnumerable<ProviderSample> Samples(long limit)
    {
        long index = 0;
        if (limit == 0)
            yield break;
        foreach (IEnumerable<KeyValuePair<string, Array?>> given in provider.Samples(path, cancellation))
        {
            yield return Read(given, index);
            if (++index == limit)
                yield break;
        }
    }

    private ProviderSample Read(IEnumerable<KeyValuePair<string, Array?>> given, long index)
    {
        try
        {
            return ProviderSample.Read(given, request);
        }
        catch (InvalidDataException exception)
        {
            throw provider.Wrong(index, path, exception.Message);
        }
    }

    private static string Names(IReadOnlyList<ProviderArray> arrays) => string.Join(", ", arrays.Select(array => $"'{array.Name}'"));

    private static string ShapeText(ProviderArray array) => $"[{string.Join(",", array.Shape)}]";

    private sealed class Reader(ProviderSampleSource source, IReadOnlyList<string> names) : WholeSampleReader
    {
        private readonly IEnumerator<ProviderSample> samples = source.Samples(source.hashes.Count).GetEnumerator();
        private int next;

        protected override IReadOnlyList<SampleArray> Arrays { get; } = [.. names.Select(name => source.Arrays.Single(array => array.Name == name))];

        public override bool TryRead(IReadOnlyList<SampleBuffer> destinations)
        {
            if (next == source.hashes.Count)
                return false;
            if (!samples.MoveNext())
                throw Differs($"there is none any more: an earlier enumeration gave {source.hashes.Count} samples");
            ProviderSample sample = samples.Current;
            if (sample.Hash() != source.hashes[next])
                throw Differs("an earlier enumeration gave another one. Samples are enumerated several times and have to be the same each time; give random numbers a fixed seed");
            next++;
            for (int i = 0; i < names.Count; i++)
            {
                ProviderArray array = sample.Arrays.Single(one => one.Name == names[i]);
                ReadOnlySpan<byte> bytes = array.Bytes;
                bytes.CopyTo(destinations[i].Reserve(array.Shape, bytes.Length).Span);
            }
            return true;
        }

        public override void Dispose() => samples.Dispose();

        private Exception Differs(string why) => source.provider.Wrong(next, source.path, why);
    }
}
