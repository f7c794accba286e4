using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;

namespace QuantBuild.Evaluation;

/// <summary>Tells how near a quantized model comes to the float model on held-out calibration samples.</summary>
internal sealed class HeldOutTrial
{
    /// <summary>Samples and float outputs are kept in memory.</summary>
    private const long MostBytes = 64L << 20;

    private const int MostSamples = 256;

    private readonly IInferenceEngine engine;
    private readonly string[] outputs;
    private readonly List<IReadOnlyList<InputTensor>> batches = [];
    private readonly List<float[]> references = [];

    private HeldOutTrial(IInferenceEngine engine, string[] outputs)
    {
        this.engine = engine;
        this.outputs = outputs;
    }

    /// <returns>Null when the model gives no floats.</returns>
    public static HeldOutTrial? Of(IInferenceEngine engine, OnnxModel model, ModelSamples samples)
    {
        string[] outputs = [.. model.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)];
        if (outputs.Length == 0)
            return null;
        var trial = new HeldOutTrial(engine, outputs);
        using IInferenceSession session = engine.Open(model.ToImage());
        long total = samples.CalibrationBatches;
        bool holdsNone = HeldOutBatches.OthersOf(total) == total;
        long bytes = 0;
        long index = 0;
        int count = 0;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            if (!holdsNone && !HeldOutBatches.Holds(index++, total))
                continue;
            InputTensor[] inputs = [.. batch.Inputs.Select(input => input with { Bytes = input.Bytes.ToArray() })];
            trial.batches.Add(inputs);
            session.Run(inputs, outputs, (_, output) => trial.references.Add(output.Floats.ToArray()));
            bytes += inputs.Sum(input => (long)input.Bytes.Length) + trial.references.TakeLast(outputs.Length).Sum(values => values.LongLength * sizeof(float));
            count += batch.Size;
            if (bytes * (count + batch.Size) / count > MostBytes || count >= MostSamples)
                break;
        }
        return trial;
    }

    /// <summary>Power of all float outputs over the power of the difference, in decibels.</summary>
    public double SqnrDecibels(ModelImage quantized)
    {
        SquaredSums sums = default;
        int next = 0;
        using IInferenceSession session = engine.Open(quantized);
        foreach (IReadOnlyList<InputTensor> batch in batches)
            session.Run(batch, outputs, (_, output) => sums += SampleMetrics.SquaredError(references[next++], output.Floats));
        return sums.SqnrDecibels;
    }
}
