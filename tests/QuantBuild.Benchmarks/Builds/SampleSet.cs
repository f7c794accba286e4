using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using QuantBuild.Data;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>A data set, whole in memory: one array per input of the model, and one class per sample in the array <c>labels</c>.</summary>
internal sealed class SampleSet
{
    private readonly NamedArray[] inputs;
    private readonly bool keepsSamplesApart;

    /// <param name="inputNames">Of the model; null: all arrays but the labels are inputs.</param>
    private SampleSet(IReadOnlyList<NamedArray> arrays, IReadOnlyCollection<string>? inputNames, InferenceSession? session)
    {
        Arrays = arrays;
        inputs = [.. arrays.Where(array => inputNames?.Contains(array.Name) ?? array.Name != SampleBinding.LabelsName)];
        if (inputs.Length == 0)
            throw new InvalidDataException("the data has no array that is named as an input of the model");
        Labels = [.. ReadLabels(arrays.Except(inputs).FirstOrDefault(array => array.Name == SampleBinding.LabelsName))];
        Count = (int)inputs[0].Shape[0];
        keepsSamplesApart = true;
        keepsSamplesApart = session is null || KeepsSamplesApart(session);
    }

    /// <summary>With the labels, ordered by name.</summary>
    public IReadOnlyList<NamedArray> Arrays { get; }

    /// <summary>Empty when there are none.</summary>
    public long[] Labels { get; }

    public int Count { get; }

    public static SampleSet Read(string path) => new(ReadArrays(path, int.MaxValue), null, null);

    /// <summary>Samples of a model that may take them one at a time.</summary>
    /// <param name="most">Those behind it are left out.</param>
    /// <exception cref="InvalidDataException">No array is named as an input of the model.</exception>
    public static SampleSet Read(string path, string modelPath, int most = int.MaxValue)
    {
        using SessionOptions options = MeasuredSession.Options();
        using var session = new InferenceSession(modelPath, options);
        return new SampleSet(ReadArrays(path, most), [.. session.InputNames], session);
    }

    /// <summary>How many samples the session's model takes at once: what it declares, or 1 when every sample is a whole input with a batch
    /// axis of its own, or when a batch is not as many results. Null: any number.</summary>
    public int? FixedBatchOf(InferenceSession session)
    {
        if (!keepsSamplesApart || inputs.Any(input => IsWhole(input, session)))
            return 1;
        return inputs.Where(input => session.InputMetadata.ContainsKey(input.Name))
            .Select(input => session.InputMetadata[input.Name].Dimensions is [> 0 and var batch, ..] ? batch : (int?)null)
            .FirstOrDefault(batch => batch is not null);
    }

    /// <summary>Consecutive samples for the inputs that the session's model has; a model of a fixed batch gets the same ones again until its
    /// batch is full.</summary>
    public RunInputs Batch(int first, int count, InferenceSession session)
    {
        int size = FixedBatchOf(session) ?? count;
        NamedArray[] taken = [.. inputs.Where(input => session.InputMetadata.ContainsKey(input.Name))];
        return new RunInputs(
            [.. taken.Select(input => input.Name)], [.. taken.Select(input => Value(input, first, count, size, IsWhole(input, session)))]);
    }

    private static IReadOnlyList<NamedArray> ReadArrays(string path, int most)
    {
        NpzSampleSource source = NpzSampleSource.Open(path, path, origin: null);
        return [.. source.Arrays.Where(array => array.Shape.Count > 0).Select(array => ReadFirst(source, array, Math.Min(array.SampleCount, most)))];
    }

    private static NamedArray ReadFirst(NpzSampleSource source, SampleArray array, long count)
    {
        byte[] bytes = new byte[count * array.SampleBytes];
        using ISampleReader reader = source.OpenReader([array.Name]);
        for (int sample = 0; sample < count; sample++)
            if (!reader.TryRead([bytes.AsMemory(sample * (int)array.SampleBytes, (int)array.SampleBytes)]))
                throw new EndOfStreamException($"'{source.DisplayPath}' ends within '{array.Name}'.");
        return new NamedArray(array.Name, array.ElementType, [count, .. array.Shape.Skip(1)], bytes);
    }

    private static IEnumerable<long> ReadLabels(NamedArray? labels) => labels?.ElementType switch
    {
        OnnxElementType.Int64 => MemoryMarshal.Cast<byte, long>(labels.Bytes).ToArray(),
        OnnxElementType.Int32 => MemoryMarshal.Cast<byte, int>(labels.Bytes).ToArray().Select(label => (long)label),
        _ => [],
    };

    /// <summary>True for an array with one axis more than the input has.</summary>
    private static bool IsWhole(NamedArray input, InferenceSession session) =>
        session.InputMetadata.TryGetValue(input.Name, out NodeMetadata? declared) && declared.Dimensions.Length < input.Shape.Length;

    /// <summary>A model may declare a free first axis and not mean it.</summary>
    private bool KeepsSamplesApart(InferenceSession session)
    {
        const int several = 2;
        if (Count < several || FixedBatchOf(session) is not null)
            return true;
        try
        {
            using var options = new RunOptions();
            using RunInputs batch = Batch(0, several, session);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, batch.Names, batch.Values, session.OutputNames);
            return results.All(result => result.IsTensor && result.GetTensorTypeAndShape().Shape is [several, ..]);
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static OrtValue Value(NamedArray input, int first, int count, int size, bool isWhole)
    {
        long[] sample = [.. input.Shape.Skip(1)];
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)(int)input.ElementType, isWhole ? sample : [size, .. sample]);
        int sampleBytes = input.Bytes.Length / (int)input.Shape[0];
        Span<byte> filled = value.GetTensorMutableRawData();
        for (int slot = 0; slot < size; slot++)
            input.Bytes.AsSpan((first + (slot % count)) * sampleBytes, sampleBytes).CopyTo(filled[(slot * sampleBytes)..]);
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
