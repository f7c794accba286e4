using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>The samples of one model: those that ranges come from and those that the accuracy is measured on, never the same ones.</summary>
/// <param name="ValidationPath">The file of the validation samples, for messages.</param>
/// <param name="ValidationSetting">The setting that names it.</param>
internal sealed record ModelSamples(
    SampleStream Calibration, SampleStream Validation, string ValidationPath, string ValidationSetting, int BatchSize)
{
    /// <summary>Batches that the calibration samples make.</summary>
    public long CalibrationBatches => (Calibration.Count + BatchSize - 1) / BatchSize;

    /// <summary>What takes padding out of the calibration samples; null when nothing does.</summary>
    public PaddingMask? Mask { get; init; }

    /// <summary>The settings that messages about the samples point at.</summary>
    private const string CalibrationDataSetting = "CalibrationData";

    private const string ValidationDataSetting = "ValidationData";

    /// <summary>Ranges from fewer samples miss too much.</summary>
    private const int FewSamples = 100;

    /// <summary>One sample, or one batch of a model whose batch is fixed. Its tensors stay valid.</summary>
    public static IReadOnlyList<InputTensor> First(SampleBinding binding) =>
        new SampleStream(binding, SampleSelection.All, SmallestBatch(binding)).Read().First().Inputs;

    /// <summary>The samples that ranges come from, each as <see cref="First"/> gives one, valid until the next is asked for.</summary>
    public static IEnumerable<IReadOnlyList<InputTensor>> OneByOne(SampleBinding calibration, SampleBinding? validation, int? sampleLimit) =>
        new SampleStream(calibration, Selection(calibration, sampleLimit, PartForRanges(validation)), SmallestBatch(calibration)).Read()
            .Select(batch => batch.Inputs);

    /// <param name="calibration">Only a scheme that needs no ranges may give the validation data here.</param>
    /// <param name="validation">Null: samples of the calibration data are held out.</param>
    /// <param name="sampleLimit">At most so many calibration samples are used; null: all.</param>
    /// <param name="choosesRanges">False for a scheme that takes no ranges from the samples.</param>
    /// <param name="facts">From a run of <see cref="First"/>.</param>
    public static ModelSamples Select(
        SampleBinding calibration,
        SampleBinding? validation,
        int? sampleLimit,
        bool choosesRanges,
        OnnxModel prepared,
        TensorFacts facts,
        IInferenceEngine engine,
        DiagnosticOrigin origin,
        DiagnosticBag problems)
    {
        int batchSize;
        using (IInferenceSession session = engine.Open(prepared.ToImage()))
            batchSize = BatchPolicy.Choose(
                calibration, session, [.. prepared.Graph.OutputNames], facts.BytesPerSample / SmallestBatch(calibration));

        var kept = new SampleStream(calibration, Selection(calibration, sampleLimit, PartForRanges(validation)), batchSize);
        var checkedOn = validation is null
            ? new SampleStream(calibration, Selection(calibration, sampleLimit, SamplePart.HeldOut), batchSize)
            : new SampleStream(validation, SampleSelection.All, batchSize);

        if (validation is null && checkedOn.Count == 0)
            throw new QuantBuildException(DiagnosticCatalogue.NoSamples.At(
                origin with { Setting = CalibrationDataSetting }, calibration.Source.DisplayPath, " to hold out for the accuracy check; it takes at least four"));
        if (validation is null)
            problems.Add(DiagnosticCatalogue.HeldOut.At(origin, checkedOn.Count, checkedOn.Count + kept.Count));
        if (choosesRanges && kept.Count < FewSamples)
            problems.Add(DiagnosticCatalogue.FewSamples.At(
                origin with { Setting = CalibrationDataSetting }, calibration.Source.DisplayPath, kept.Count, FewSamples));
        return new ModelSamples(
            kept,
            checkedOn,
            (validation ?? calibration).Source.DisplayPath,
            validation is null ? CalibrationDataSetting : ValidationDataSetting,
            batchSize)
        {
            Mask = choosesRanges ? FindMask() : null,
        };

        PaddingMask? FindMask()
        {
            bool isFixed = calibration.Inputs.Any(input => input.FixedBatch is not null);
            int few = isFixed ? batchSize : Math.Min(batchSize, MaskProbe.BatchSize);
            return MaskProbe.Find(prepared, new SampleStream(calibration, Selection(calibration, sampleLimit, PartForRanges(validation)), few), engine);
        }
    }

    private static SampleSelection Selection(SampleBinding binding, int? sampleLimit, SamplePart part) =>
        SampleSelection.Of(binding.SampleCount, sampleLimit, part, binding.SampleSeed);

    private static SamplePart PartForRanges(SampleBinding? validation) => validation is null ? SamplePart.Kept : SamplePart.All;

    private static int SmallestBatch(SampleBinding binding) =>
        (int)(binding.Inputs.Select(input => input.FixedBatch).FirstOrDefault(batch => batch is not null) ?? 1);
}
