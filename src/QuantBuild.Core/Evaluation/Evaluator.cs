using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild.Evaluation;

/// <summary>Runs the float model and the file that ships on the same samples and compares their outputs.</summary>
internal sealed class Evaluator(IInferenceEngine engine, DiagnosticOrigin origin)
{
    /// <param name="model">As the user's file has it.</param>
    /// <param name="quantized">The file that ships.</param>
    /// <returns>Null when there is no data to measure on, or no float32 output to measure.</returns>
    /// <exception cref="QuantBuildException">QB4010: labels that do not fit the model; QB4012: a sample holds NaN.</exception>
    public AccuracyComparison? Compare(
        OnnxModel model, QuantizedModel quantized, ModelSamples? modelSamples, AccuracyMetric metric, Action<double> progress, CancellationToken cancellation)
    {
        if (modelSamples is null)
            return null;
        SampleStream samples = modelSamples.Validation;
        AccuracyMetric inForce = metric == AccuracyMetric.Auto ? (samples.HasLabels ? AccuracyMetric.Top1 : AccuracyMetric.CosineSimilarity) : metric;
        string[] outputs = [.. model.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)];
        if (outputs.Length == 0)
            return null;

        var tally = new PairedTally();
        SquaredSums sums = default;
        int batchSize = 1;
        using IInferenceSession floatSession = engine.Open(model.ToImage());
        using IInferenceSession quantizedSession = engine.Open(quantized.Image);
        var reference = new BatchOutputs(outputs.Length);
        var other = new BatchOutputs(outputs.Length);
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            batchSize = batch.Size;
            RefuseNaN(batch, modelSamples);
            floatSession.Run(batch.Inputs, outputs, reference.Keep);
            quantizedSession.Run(batch.Inputs, outputs, other.Keep);
            for (int sample = 0; sample < batch.Count; sample++)
            {
                for (int output = 0; output < outputs.Length; output++)
                    sums += SampleMetrics.SquaredError(reference.Of(output, sample, batch.Size), other.Of(output, sample, batch.Size));
                if (inForce == AccuracyMetric.Top1)
                    AddTop1(tally, reference.Of(0, sample, batch.Size), other.Of(0, sample, batch.Size), batch.Labels[sample], modelSamples);
                else
                    AddCosine(tally, reference, other, sample, batch.Size, outputs.Length);
            }
            progress((double)tally.Count / samples.Count);
        }
        double drop = tally.FloatMean - tally.QuantizedMean;
        return new AccuracyComparison(
            inForce, tally.FloatMean, tally.QuantizedMean, drop - tally.HalfInterval, drop + tally.HalfInterval, sums.SqnrDecibels, tally.Count,
            inForce == AccuracyMetric.Top1 ? reference.Of(0, 0, batchSize).Length : 0);
    }

    private DiagnosticOrigin Origin(ModelSamples samples) => origin with { Setting = samples.ValidationSetting };

    /// <remarks>Infinities are input of some models: masks that are added.</remarks>
    private void RefuseNaN(SampleBatch batch, ModelSamples samples)
    {
        foreach (InputTensor input in batch.Inputs.Where(input => input.ElementType == OnnxElementType.Float))
            if (MinMaxKernel.Scan(MemoryMarshal.Cast<byte, float>(input.Bytes.Span)).HasNaN)
                throw new QuantBuildException(DiagnosticCatalogue.NotANumber.At(Origin(samples), input.Name, samples.ValidationPath));
    }

    private void AddTop1(PairedTally tally, ReadOnlySpan<float> reference, ReadOnlySpan<float> other, long label, ModelSamples samples)
    {
        if (label < 0 || label >= reference.Length)
            throw new QuantBuildException(DiagnosticCatalogue.InvalidLabels.At(
                Origin(samples), samples.ValidationPath, $"the label {label} is not below {reference.Length}, the number of values of the model's first output"));
        tally.Add(
            SampleMetrics.IndexOfLargest(reference) == label ? 1 : 0,
            SampleMetrics.IndexOfLargest(other) == label ? 1 : 0);
    }

    private static void AddCosine(PairedTally tally, BatchOutputs reference, BatchOutputs other, int sample, int batchSize, int outputs)
    {
        double sum = 0;
        for (int output = 0; output < outputs; output++)
            sum += SampleMetrics.CosineSimilarity(reference.Of(output, sample, batchSize), other.Of(output, sample, batchSize));
        tally.Add(1, sum / outputs);
    }
}
