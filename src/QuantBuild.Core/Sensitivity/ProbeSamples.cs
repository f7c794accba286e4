using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;

namespace QuantBuild.Sensitivity;

/// <summary>Calibration samples that a probe runs, with what the float model gives for them. None is held out.</summary>
internal sealed class ProbeSamples
{
    private readonly List<IReadOnlyList<InputTensor>> batches = [];
    private readonly List<ReferenceOutput[]> references = [];

    private ProbeSamples(IReadOnlyList<string> outputs) => Outputs = outputs;

    /// <summary>Outputs of the model in floats.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Inputs of the model.</summary>
    public IReadOnlyList<IReadOnlyList<InputTensor>> Batches => batches;

    public int Count { get; private set; }

    /// <summary>Power of all outputs that are finite.</summary>
    public double Signal => references.Sum(batch => batch.Sum(output => output.Signal));

    /// <summary>Rows of scores in all outputs.</summary>
    public long Rows => references.Sum(batch => batch.Sum(output => output.Rows));

    public ReferenceOutput Reference(int batch, string output) => references[batch][Outputs.ToList().IndexOf(output)];

    /// <param name="most">Samples, at most; whole batches.</param>
    public static ProbeSamples Read(IInferenceEngine engine, OnnxModel model, ModelSamples samples, int most, CancellationToken cancellation)
    {
        string[] outputs = [.. model.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)];
        var probe = new ProbeSamples(outputs);
        using IInferenceSession session = engine.Open(model.ToImage());
        long total = samples.CalibrationBatches;
        long index = -1;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (HeldOutBatches.Holds(++index, total))
                continue;
            if (probe.Count > 0 && probe.Count + batch.Count > most)
                break;
            InputTensor[] inputs = [.. batch.Inputs.Select(input => input with { Bytes = input.Bytes.ToArray(), Shape = [.. input.Shape] })];
            var given = new ReferenceOutput[outputs.Length];
            session.Run(inputs, outputs, (i, output) => given[i] = ReferenceOutput.Of(output));
            probe.batches.Add(inputs);
            probe.references.Add(given);
            probe.Count += batch.Count;
        }
        return probe;
    }
}

/// <param name="Values">Of the float model.</param>
/// <param name="RowLength">Of the last axis.</param>
/// <param name="Signal">Its power; 0 when it holds what is not finite, which then counts for nothing.</param>
internal sealed record ReferenceOutput(float[] Values, int RowLength, double Signal)
{
    /// <summary>Of scores that a softmax makes probabilities of.</summary>
    public long Rows => RowLength > 1 && Signal > 0 ? Values.Length / RowLength : 0;

    public static ReferenceOutput Of(OutputTensor output)
    {
        double signal = SquaredErrorKernel.Sum(output.Floats, output.Floats).Signal;
        return new ReferenceOutput(
            output.Floats.ToArray(), output.Shape.Length == 0 ? 1 : (int)Math.Min(int.MaxValue, output.Shape[^1]), double.IsFinite(signal) ? signal : 0);
    }
}
