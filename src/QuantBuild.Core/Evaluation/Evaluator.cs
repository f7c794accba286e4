using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation.Metrics;
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
    /// <param name="plan">Null when there is nothing to measure.</param>
    /// <param name="floatOutputs">Of the same model and samples, where they are compared with several models; null: only once.</param>
    /// <returns>Null when there is no data to measure on, or no float32 output to measure.</returns>
    /// <exception cref="QuantBuildException">QB4010, QB4024, QB4026: labels, targets or slices that do not fit the model; QB4012: a sample holds NaN.</exception>
    public AccuracyComparison? Compare(
        OnnxModel model,
        QuantizedModel quantized,
        ModelSamples? modelSamples,
        MetricPlan? plan,
        Action<double> progress,
        CancellationToken cancellation,
        FloatOutputs? floatOutputs = null)
    {
        if (modelSamples is null || plan is null)
            return null;
        SampleStream samples = modelSamples.Validation;
        string[] floats = [.. model.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)];
        string[] outputs = [.. plan.Outputs, .. floats.Except(plan.Outputs, StringComparer.Ordinal)];
        int[] noisy = [.. floats.Select(name => Array.IndexOf(outputs, name))];
        IMeter meter = plan.NewMeter();
        SquaredSums sums = default;
        long count = 0;
        int classCount = 0;
        using var floatRun = new FloatRun(engine, model, outputs, floatOutputs);
        using IInferenceSession quantizedSession = engine.Open(quantized.Image);
        var other = new BatchOutputs(outputs.Length);
        var targets = new TargetReader(plan);
        foreach (SampleBatch batch in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            RefuseNaN(batch, modelSamples);
            BatchOutputs reference = floatRun.Next(batch);
            quantizedSession.Run(batch.Inputs, outputs, other.Keep);
            for (int sample = 0; sample < batch.Count; sample++)
            {
                foreach (int output in noisy)
                    sums += SampleMetrics.SquaredError(reference.Of(output, sample, batch.Size), other.Of(output, sample, batch.Size));
                classCount = reference.Of(0, sample, batch.Size).Length;
                Guard(modelSamples, plan, () => meter.Add(
                    new MetricSample(Outputs(reference), Outputs(other), targets.Read(batch, sample))
                    {
                        Index = batch.Indices[sample],
                        Arrays = targets.ArraysOf(batch, sample),
                    },
                    targets.SliceOf(batch, sample)));
                count++;

                IReadOnlyList<SampleOutput> Outputs(BatchOutputs of) => [.. plan.Outputs.Select((name, i) => of.Tensor(name, i, sample, batch.Size))];
            }
            progress((double)count / samples.Count);
        }
        AccuracyComparison comparison = AccuracyComparison.Of(plan, meter, sums.SqnrDecibels, plan.Metric == AccuracyMetric.Top1 ? classCount : 0);
        if (!double.IsFinite(comparison.Float) || !double.IsFinite(comparison.Quantized))
            Guard(modelSamples, plan, () => throw new TargetException(
                plan.Targets.Count > 0 ? plan.Targets[0].Name : outputs[0], "these samples hold nothing that it can be measured on"));
        return comparison;
    }

    private DiagnosticOrigin Origin(ModelSamples samples) => origin with { Setting = samples.ValidationSetting };

    private void Guard(ModelSamples samples, MetricPlan plan, Action measure)
    {
        try
        {
            measure();
        }
        catch (SliceException problem)
        {
            throw new QuantBuildException(DiagnosticCatalogue.InvalidSlices.At(Origin(samples), problem.Message), problem);
        }
        catch (TargetException problem)
        {
            throw new QuantBuildException(
                MetricPlanner.TakesClasses(plan.Metric)
                    ? DiagnosticCatalogue.InvalidLabels.At(Origin(samples), samples.ValidationPath, problem.Message)
                    : DiagnosticCatalogue.InvalidTarget.At(
                        Origin(samples), problem.Array, samples.ValidationPath, Settings.MetricName.Of(plan.Metric, plan.Rank), problem.Message),
                problem);
        }
    }

    /// <remarks>Infinities are input of some models: masks that are added.</remarks>
    private void RefuseNaN(SampleBatch batch, ModelSamples samples)
    {
        foreach (InputTensor input in batch.Inputs.Where(input => input.ElementType == OnnxElementType.Float))
            if (MinMaxKernel.Scan(MemoryMarshal.Cast<byte, float>(input.Bytes.Span)).HasNaN)
                throw new QuantBuildException(DiagnosticCatalogue.NotANumber.At(Origin(samples), input.Name, samples.ValidationPath));
    }
}
