using Microsoft.ML.OnnxRuntime;
using QuantBuild.Execution;

namespace QuantBuild.OnnxRuntime.Tests.RandomGraphs;

/// <summary>Runs a model as it is written, node by node: the runtime rewrites and fuses nothing.</summary>
internal static class PlainSession
{
    /// <param name="runs">Inputs of one run after the other.</param>
    /// <returns>The float32 outputs by name, those of all runs behind each other; others are left out.</returns>
    public static Dictionary<string, float[]> Run(byte[] model, IReadOnlyList<IReadOnlyList<InputTensor>> runs)
    {
        using SessionOptions options = OnnxRuntimeSession.CreateOptions();
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        using InferenceSession session = OnnxRuntimeSession.Create(model, options);
        using var runOptions = new RunOptions();
        string[] outputs = [.. session.OutputMetadata.Where(output => output.Value.ElementType == typeof(float)).Select(output => output.Key)];
        var found = outputs.ToDictionary(name => name, _ => new List<float>());
        foreach (IReadOnlyList<InputTensor> inputs in runs)
        {
            var values = inputs.ToDictionary(input => input.Name, Value);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, values, outputs);
            foreach ((string name, OrtValue result) in outputs.Zip(results))
                found[name].AddRange(result.GetTensorDataAsSpan<float>());
            foreach (OrtValue value in values.Values)
                value.Dispose();
        }
        return found.ToDictionary(output => output.Key, output => output.Value.ToArray());
    }

    private static OrtValue Value(InputTensor input)
    {
        OrtValue value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)(int)input.ElementType, [.. input.Shape]);
        input.Bytes.Span.CopyTo(value.GetTensorMutableRawData());
        return value;
    }
}
