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

    private SampleSet(IReadOnlyList<NamedArray> arrays)
    {
        Arrays = arrays;
        inputs = [.. arrays.Where(array => array.Name != LabelsName)];
        byte[]? labels = arrays.FirstOrDefault(array => array.Name == LabelsName)?.Bytes;
        Labels = MemoryMarshal.Cast<byte, long>(labels).ToArray();
        Count = (int)inputs[0].Shape[0];
    }

    /// <summary>With the labels, ordered by name.</summary>
    public IReadOnlyList<NamedArray> Arrays { get; }

    public string[] InputNames => [.. inputs.Select(input => input.Name)];

    /// <summary>Empty when there are none.</summary>
    public long[] Labels { get; }

    public int Count { get; }

    public static SampleSet Read(string path)
    {
        NpzSampleSource source = NpzSampleSource.Open(path, path, origin: null);
        return new SampleSet([.. source.Arrays.Select(array => ReadWhole(source, array))]);
    }

    /// <summary>Consecutive samples as inputs of a run, in the order of <see cref="InputNames"/>; the caller disposes them.</summary>
    public OrtValue[] Batch(int first, int count) => [.. inputs.Select(input =>
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)(int)input.ElementType, [count, .. input.Shape.Skip(1)]);
        int sampleBytes = input.Bytes.Length / Count;
        input.Bytes.AsSpan(first * sampleBytes, count * sampleBytes).CopyTo(value.GetTensorMutableRawData());
        return value;
    })];

    private static NamedArray ReadWhole(NpzSampleSource source, SampleArray array)
    {
        byte[] bytes = new byte[array.SampleCount * array.SampleBytes];
        using ISampleReader reader = source.OpenReader([array.Name]);
        for (int offset = 0; offset < bytes.Length; offset += (int)array.SampleBytes)
            if (!reader.TryRead([bytes.AsMemory(offset, (int)array.SampleBytes)]))
                throw new EndOfStreamException($"'{source.DisplayPath}' ends within '{array.Name}'.");
        return new NamedArray(array.Name, array.ElementType, [.. array.Shape], bytes);
    }
}
