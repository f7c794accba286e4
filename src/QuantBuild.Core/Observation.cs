using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>What one real run showed of the prepared model, and the samples that later runs take.</summary>
/// <param name="Samples">Null when the project gives no data.</param>
internal sealed record Observation(TensorFacts Facts, ModelSamples? Samples)
{
    /// <exception cref="QuantBuildException">QB2007: the float model does not run. QB3003: preparing it changed what it computes.</exception>
    public static Observation Of(CheckedModel job, OnnxModel model, PreparedModel prepared, IInferenceEngine engine, DiagnosticBag problems)
    {
        if ((job.Calibration ?? job.Validation) is not { } data)
            return new Observation(TensorFacts.None, null);
        try
        {
            IReadOnlyList<InputTensor> sample = ModelSamples.First(data);
            PreparationCheck.Verify(engine, model, prepared.Model, sample, job.Origin);
            TensorFacts facts = ShapeProbe.Observe(
                prepared.Model, ModelSamples.OneByOne(data, job.Validation, job.Settings.SampleLimit), engine);
            return new Observation(
                facts,
                ModelSamples.Select(
                    data,
                    job.Validation,
                    job.Settings.SampleLimit,
                    choosesRanges: job.Settings.Scheme == QuantizationScheme.Static,
                    prepared.Model,
                    facts,
                    engine,
                    job.Origin,
                    problems));
        }
        catch (InferenceException exception)
        {
            throw new QuantBuildException(DiagnosticCatalogue.ModelDoesNotRun.At(job.Origin, job.Settings.DisplayPath, exception.Message), exception);
        }
    }
}
