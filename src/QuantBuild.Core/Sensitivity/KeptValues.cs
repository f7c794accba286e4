using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Sensitivity;

/// <summary>Inner values of the float model for all samples of a probe.</summary>
internal sealed class KeptValues
{
    private readonly List<Dictionary<string, InputTensor>> batches = [];

    /// <param name="values">Of the main graph; inputs of the model are there anyway.</param>
    public static KeptValues Read(
        IInferenceEngine engine, OnnxModel model, ProbeSamples samples, IReadOnlyList<string> values, CancellationToken cancellation)
    {
        var kept = new KeptValues();
        string[] inner = [.. values.Where(value => !model.Graph.IsInput(value)).Distinct(StringComparer.Ordinal)];
        OnnxModel shown = model.Clone();
        var editor = new GraphEditor(shown.Graph);
        foreach (string value in inner)
            editor.AddOutput(value);
        using IInferenceSession? session = inner.Length == 0 ? null : engine.Open(shown.ToImage());
        foreach (IReadOnlyList<InputTensor> inputs in samples.Batches)
        {
            cancellation.ThrowIfCancellationRequested();
            Dictionary<string, InputTensor> batch = inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
            session?.Run(inputs, inner, (i, output) =>
                batch.Add(inner[i], new InputTensor(inner[i], output.ElementType, output.Shape.ToArray(), output.Bytes.ToArray())));
            kept.batches.Add(batch);
        }
        return kept;
    }

    /// <param name="values">Of those that were read.</param>
    public IReadOnlyList<InputTensor> Of(int batch, IReadOnlyList<string> values) => [.. values.Select(value => batches[batch][value])];

    public bool Has(string value) => batches.Count > 0 && batches[0].ContainsKey(value);

    public ReadOnlySpan<float> Floats(int batch, string value) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(batches[batch][value].Bytes.Span);
}
