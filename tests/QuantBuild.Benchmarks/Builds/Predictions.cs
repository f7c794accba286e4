using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Float outputs of a model file on a whole data set.</summary>
/// <param name="Names">Of the outputs.</param>
/// <param name="Outputs">One array per output, the samples behind each other.</param>
/// <param name="FixedBatch">How many samples the file takes at once; null: any number.</param>
internal sealed record Predictions(IReadOnlyList<string> Names, IReadOnlyList<float[]> Outputs, int SampleCount, int? FixedBatch)
{
    /// <summary>Files that quantize dynamically take one range from each batch, so that their figures depend on its size; this is the one
    /// that the bench folder's own figures have.</summary>
    private const int BatchSize = 32;

    /// <param name="reference">Of the float model: only the outputs that it has are taken, as some tools leave inner values as outputs
    /// behind. Null: all.</param>
    /// <exception cref="InvalidDataException">The file lacks one of them, or there is none.</exception>
    public static Predictions Of(string modelPath, SampleSet samples, Predictions? reference = null)
    {
        using SessionOptions options = MeasuredSession.Options();
        using var session = new InferenceSession(modelPath, options);
        string[] names = [.. reference?.Names ?? session.OutputNames.Where(name => session.OutputMetadata[name].ElementType == typeof(float))];
        if (names.FirstOrDefault(name => !session.OutputMetadata.ContainsKey(name)) is { } missing)
            throw new InvalidDataException($"it has no output '{missing}'");
        if (names.Length == 0)
            throw new InvalidDataException("it has no output of float numbers");
        List<float>[] outputs = [.. names.Select(_ => new List<float>())];
        using var runOptions = new RunOptions();
        int? fixedBatch = samples.FixedBatchOf(session);
        int batchSize = fixedBatch ?? BatchSize;
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            int count = Math.Min(batchSize, samples.Count - first);
            using RunInputs batch = samples.Batch(first, count, session);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, batch.Names, batch.Values, names);
            for (int i = 0; i < names.Length; i++)
            {
                ReadOnlySpan<float> values = results[i].GetTensorDataAsSpan<float>();
                outputs[i].AddRange(values[..(int)((long)values.Length * count / (fixedBatch ?? count))]);
            }
        }
        return new Predictions(names, [.. outputs.Select(output => output.ToArray())], samples.Count, fixedBatch);
    }

    public ReadOnlySpan<float> Of(int output, int sample)
    {
        int length = Outputs[output].Length / SampleCount;
        return Outputs[output].AsSpan(sample * length, length);
    }
}
