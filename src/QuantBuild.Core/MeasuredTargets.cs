using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Tells the metric which arrays the data has besides the inputs of the model, and has those read that it takes.</summary>
internal static class MeasuredTargets
{
    /// <returns>The model with its metric; what is wrong is added to <paramref name="problems"/>.</returns>
    public static CheckedModel AddTo(CheckedModel model, DiagnosticBag problems)
    {
        if ((model.Validation ?? model.Calibration) is not { } binding)
            return model;
        string setting = model.Validation is null ? nameof(QuantizationSettings.CalibrationData) : nameof(QuantizationSettings.ValidationData);
        SampleArray[] others = [.. binding.Source.Arrays.Where(array => binding.Inputs.All(input => input.Array.Name != array.Name))];
        var data = new MeasuredData(binding.Source.DisplayPath, others, model.Settings.LabelName, binding.SampleCount) { Setting = setting };
        if (MetricPlanner.Plan(model.Settings, model.Signature, data, model.Origin, problems) is not { } plan)
            return model;

        string[] extras = plan.Metric == AccuracyMetric.Custom ? [.. binding.Source.Arrays.Select(array => array.Name)] :
        [
            .. plan.Targets.Where(target => !target.IsInput).Select(target => target.Name)
                .Concat(plan.Slices?.Array is { } slices ? [slices] : Array.Empty<string>())
                .Where(name => name != binding.Labels?.Name)
                .Distinct(StringComparer.Ordinal),
        ];
        SampleArray[] uneven = [.. extras.Select(data.Find).OfType<SampleArray>().Where(array => array.SampleCount != binding.SampleCount)];
        foreach (SampleArray array in uneven)
            problems.Add(DiagnosticCatalogue.CountMismatch.At(
                model.Origin with { Setting = setting },
                binding.Source.DisplayPath,
                array.Name,
                array.SampleCount,
                binding.Inputs[0].Array.Name,
                binding.SampleCount));
        if (uneven.Length > 0)
            return model;
        SampleBinding measured = binding.WithExtras(extras);
        return model with
        {
            Metric = plan,
            Calibration = model.Validation is null ? measured : model.Calibration,
            Validation = model.Validation is null ? null : measured,
        };
    }
}
