using Microsoft.ML.OnnxRuntime;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>All float outputs of a model file on a whole data set.</summary>
/// <param name="Outputs">One array per float output, in the order of the model, the samples behind each other.</param>
internal sealed record Predictions(IReadOnlyList<float[]> Outputs, int SampleCount)
{
    /// <summary>Files that quantize dynamically take one range from each batch, so that their figures depend on its size; this is the one
    /// that the bench folder's own figures have.</summary>
    private const int BatchSize = 32;

    public static Predictions Of(string modelPath, SampleSet samples)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(modelPath, options);
        string[] names = [.. session.OutputNames.Where(name => session.OutputMetadata[name].ElementType == typeof(float))];
        List<float>[] outputs = [.. names.Select(_ => new List<float>())];
        using var runOptions = new RunOptions();
        for (int first = 0; first < samples.Count; first += BatchSize)
        {
            OrtValue[] batch = samples.Batch(first, Math.Min(BatchSize, samples.Count - first));
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, samples.InputNames, batch, names);
            for (int i = 0; i < names.Length; i++)
                outputs[i].AddRange(results[i].GetTensorDataAsSpan<float>());
            foreach (OrtValue value in batch)
                value.Dispose();
        }
        return new Predictions([.. outputs.Select(output => output.ToArray())], samples.Count);
    }

    public ReadOnlySpan<float> Of(int output, int sample)
    {
        int length = Outputs[output].Length / SampleCount;
        return Outputs[output].AsSpan(sample * length, length);
    }
}
