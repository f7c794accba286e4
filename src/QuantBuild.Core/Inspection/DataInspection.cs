using QuantBuild.Calibration;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Inspection;

/// <summary>Tells what looks wrong with the samples themselves. It reads none: it sees what calibration and evaluation read.</summary>
internal sealed class DataInspection
{
    /// <summary>Share of the samples from which on a mistake is worth a warning; fewer change neither ranges nor accuracy.</summary>
    private const double Noticeable = 0.01;

    private readonly SampleWatch calibration = new();
    private readonly SampleWatch validation = new();
    private readonly string calibrationPath;
    private readonly ModelSamples? samples;
    private readonly DiagnosticOrigin origin;

    /// <param name="samples">Watched from now on; null when there are none.</param>
    /// <param name="choosesRanges">False when nothing is taken from the calibration samples, so that nothing is wrong with them.</param>
    /// <param name="calibrationPath">For messages.</param>
    public DataInspection(ModelSamples? samples, bool choosesRanges, string calibrationPath, DiagnosticOrigin origin)
    {
        this.samples = samples;
        this.calibrationPath = calibrationPath;
        this.origin = origin;
        if (samples is null)
            return;
        samples.Validation.Watcher = validation.Add;
        if (choosesRanges)
            samples.Calibration.Watcher = calibration.Add;
    }

    /// <summary>When the calibration samples have been read.</summary>
    public IEnumerable<Diagnostic> JudgeRanges(CalibrationTable table) => RangeDrift.Judge(table, calibrationPath, origin);

    /// <summary>When both sets have been read.</summary>
    /// <param name="model">As the user's file has it.</param>
    /// <param name="classCount">Classes between which the model decides; 0 when it is not known to decide.</param>
    public IEnumerable<Diagnostic> Judge(IInferenceEngine engine, OnnxModel model, int classCount)
    {
        if (samples is null)
            return [];
        return
        [
            .. Overlap(),
            .. new InputScale(engine, model, origin).Judge(calibration.Inputs, samples, calibrationPath),
            .. JudgeSet(calibration, calibrationPath, "CalibrationData", classCount),
            .. JudgeSet(validation, samples.ValidationPath, samples.ValidationSetting, classCount),
        ];
    }

    /// <summary>Where inputs have few possible values, samples repeat by chance, among those of one set as often as between two.</summary>
    private IEnumerable<Diagnostic> Overlap()
    {
        double share = validation.Sketch.ShareIn(calibration.Sketch);
        if (share <= calibration.Sketch.ShareOfRepeated() + Noticeable)
            yield break;
        bool isExact = validation.Sketch.IsComplete && calibration.Sketch.IsComplete;
        yield return DiagnosticCatalogue.ValidationOverlaps.At(
            origin with { Setting = samples!.ValidationSetting },
            samples.ValidationPath,
            $"{(isExact ? "" : "about ")}{Math.Round(share * validation.Count)}",
            validation.Count,
            calibrationPath);
    }

    private IEnumerable<Diagnostic> JudgeSet(SampleWatch set, string path, string setting, int classCount)
    {
        DiagnosticOrigin at = origin with { Setting = setting };
        bool isHeldOut = set == validation && calibration.Count > 0 && setting != "ValidationData";
        if (set.Count < 2)
            yield break;
        bool varies = set.Inputs.Any(input => !input.IsConstant);
        foreach (InputWatch input in set.Inputs.Where(input => input.IsConstant && (input.IsFloat || !varies)))
            if (!isHeldOut || calibration.Inputs.All(other => other.Name != input.Name || !other.IsConstant))
                yield return DiagnosticCatalogue.ConstantInput.At(at, path, input.Name, set.Count, input.IsZero ? " (nothing but zeros)" : "");
        bool isEmpty = set.Inputs.Where(input => input.IsFloat).All(input => input.IsZero);
        if (!isEmpty && set.EmptyCount >= 2 && set.EmptyCount >= Noticeable * set.Count && !(isHeldOut && calibration.EmptyCount >= 2))
            yield return DiagnosticCatalogue.EmptySamples.At(
                at, path, set.EmptyCount, set.Count, set.EmptyAtEnd >= 2 ? $", the last {set.EmptyAtEnd} among them" : "");
        if (classCount >= 2 && ClassBalance.Describe(set.Labels, classCount) is { } uneven)
            yield return DiagnosticCatalogue.UnevenClasses.At(at, path, uneven);
    }
}
