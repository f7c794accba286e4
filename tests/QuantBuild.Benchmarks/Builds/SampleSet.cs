using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using QuantBuild.Data;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>A data set, whole in memory: one array per input of the model, and one class per sample in the array <c>labels</c>.</summary>
internal sealed class SampleSet
{
    private const string LabelsName = "labels";

    private readonly NamedArray[] inputs;
    private readonly IReadOnlyDictionary<string, int[]> dimensions;

    /// <param name="dimensions">As the model declares its inputs; none: the first axis of every array is the batch.</param>
    private SampleSet(IReadOnlyList<NamedArray> arrays, IReadOnlyDictionary<string, int[]> dimensions, int most = int.MaxValue)
    {
        Arrays = arrays;
        this.dimensions = dimensions;
        inputs = [.. arrays.Where(array => array.Name != LabelsName)];
        byte[]? labels = arrays.FirstOrDefault(array => array.Name == LabelsName)?.Bytes;
        Labels = MemoryMarshal.Cast<byte, long>(labels).ToArray();
        Count = (int)Math.Min(inputs[0].Shape[0], most);
        TakesOneSample = inputs.Any(input => IsWhole(input) || (dimensions.TryGetValue(input.Name, out int[]? declared) && declared[0] == 1));
    }

    /// <summary>With the labels, ordered by name.</summary>
    public IReadOnlyList<NamedArray> Arrays { get; }

    /// <summary>Empty when there are none.</summary>
    public long[] Labels { get; }

    public int Count { get; }

    /// <summary>The model declares a batch of one, or each sample is a whole input with a batch axis of its own.</summary>
    public bool TakesOneSample { get; }

    public static SampleSet Read(string path) => new(ReadArrays(path), new Dictionary<string, int[]>());

    /// <summary>Samples of a model that may take them one at a time.</summary>
    /// <param name="most">Those behind it are left out.</param>
    public static SampleSet Read(string path, string modelPath, int most = int.MaxValue)
    {
        using var session = new InferenceSession(modelPath, MeasuredSession.Options());
        return new SampleSet(ReadArrays(path), session.InputMetadata.ToDictionary(input => input.Key, input => input.Value.Dimensions), most);
    }

    /// <summary>Consecutive samples for the inputs that the session's model has.</summary>
    public RunInputs Batch(int first, int count, InferenceSession session)
    {
        NamedArray[] taken = [.. inputs.Where(input => session.InputMetadata.ContainsKey(input.Name))];
        return new RunInputs([.. taken.Select(input => input.Name)], [.. taken.Select(input => Value(input, first, count))]);
    }

    private static IReadOnlyList<NamedArray> ReadArrays(string path)
    {
        NpzSampleSource source = NpzSampleSource.Open(path, path, origin: null);
        return [.. source.Arrays.Select(array => ReadWhole(source, array))];
    }

    private static NamedArray ReadWhole(NpzSampleSource source, SampleArray array)
    {
        byte[] bytes = new byte[array.SampleCount * array.SampleBytes];
        using ISampleReader reader = source.OpenReader([array.Name]);
        for (int offset = 0; offset < bytes.Length; offset += (int)array.SampleBytes)
            if (!reader.TryRead([bytes.AsMemory(offset, (int)array.SampleBytes)]))
                throw new EndOfStreamException($"'{source.DisplayPath}' ends within '{array.Name}'.");
        return new NamedArray(array.Name, array.ElementType, [.. array.Shape], bytes);
    }

    /// <summary>True for an array with one axis more than the input has.</summary>
    private bool IsWhole(NamedArray input) =>
        dimensions.TryGetValue(input.Name, out int[]? declared) && declared.Length < input.Shape.Length;

    private OrtValue Value(NamedArray input, int first, int count)
    {
        long[] sample = [.. input.Shape.Skip(1)];
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)(int)input.ElementType, IsWhole(input) ? sample : [count, .. sample]);
        int sampleBytes = input.Bytes.Length / (int)input.Shape[0];
        input.Bytes.AsSpan(first * sampleBytes, count * sampleBytes).CopyTo(value.GetTensorMutableRawData());
        return value;
    }
}

/// <summary>What a run is given; disposes its values.</summary>
internal sealed record RunInputs(string[] Names, OrtValue[] Values) : IDisposable
{
    public void Dispose()
    {
        foreach (OrtValue value in Values)
            value.Dispose();
    }
}
