using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>A float model that makes the input of another one, or its own next input.</summary>
internal sealed class FloatModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();

    public FloatModel(string path)
    {
        using SessionOptions options = MeasuredSession.Options();
        session = new InferenceSession(path, options);
    }

    public IReadOnlyList<string> InputNames => session.InputNames;

    public IReadOnlyList<string> OutputNames => session.OutputNames;

    /// <summary>The first output of a model with one input.</summary>
    public float[] Run(float[] values, params long[] shape)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, shape);
        return Run(new Dictionary<string, OrtValue> { [InputNames[0]] = input })[0];
    }

    /// <returns>All outputs.</returns>
    public float[][] Run(IReadOnlyDictionary<string, OrtValue> inputs)
    {
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, inputs, session.OutputNames);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }
}
