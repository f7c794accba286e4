using QuantBuild.Placement.Layers;
using QuantBuild.Settings;

namespace QuantBuild.Sensitivity;

/// <summary>Works out for all forms of a layer what was measured for some, by the errors of what the layer itself gives.</summary>
internal sealed class FormDerivation(WeightedLayer layer)
{
    private readonly Dictionary<LayerForm, (double? Local, double Weights)> errors = [];
    private readonly Dictionary<LayerForm, (double Noise, double? Divergence)> measured = [];

    /// <param name="local">Power of the error of what the layer gives; null when it is not known.</param>
    /// <param name="weights">Power of the error of its weights.</param>
    public void Add(LayerForm form, double? local, double weights) => errors.Add(form, (local, weights));

    public void Measured(LayerForm form, double noise, double? divergence) => measured.Add(form, (noise, divergence));

    public SensitivityEntry Entry(LayerForm form)
    {
        if (measured.TryGetValue(form, out var own))
            return new SensitivityEntry(layer.Name, form.Code, own.Noise, own.Divergence, Measured: true);
        (double noise, double? divergence) = ByLocalErrors(form)
            ?? BasesOf(form).Select(candidate => From(candidate, form)).FirstOrDefault(found => found is not null) ?? (0, null);
        return new SensitivityEntry(layer.Name, form.Code, noise, divergence, Measured: false);
    }

    /// <summary>What arrives of an error changes evenly, in decibels, from the measured form with the next smaller error to that with the next larger one.</summary>
    /// <returns>Null when local errors are not known.</returns>
    private (double Noise, double? Divergence)? ByLocalErrors(LayerForm form)
    {
        if (errors[form].Local is not { } local)
            return null;
        (double Local, double Noise, double? Divergence)[] bases =
        [
            .. measured.Where(one => one.Value.Noise > 0 && errors[one.Key].Local > 0)
                .Select(one => (errors[one.Key].Local!.Value, one.Value.Noise, one.Value.Divergence)).OrderBy(one => one.Item1),
        ];
        if (bases.Length == 0)
            return null;
        var below = bases.LastOrDefault(one => one.Local <= local, bases[0]);
        var above = bases.FirstOrDefault(one => one.Local >= local, bases[^1]);
        double part = above.Local > below.Local ? Math.Log(local / below.Local) / Math.Log(above.Local / below.Local) : 0;
        return (Between(below.Noise, above.Noise), below.Divergence is { } low && above.Divergence is { } high ? Between(low, high) : null);

        double Between(double low, double high) => low > 0 && high > 0
            ? local * Math.Pow(low / below.Local, 1 - part) * Math.Pow(high / above.Local, part)
            : low * local / below.Local;
    }

    /// <summary>A measured form of the same kernel first, then one of integers for dynamic ones.</summary>
    private IEnumerable<LayerForm> BasesOf(LayerForm form) => measured.Keys
        .OrderBy(candidate => candidate.Kernel == form.Kernel ? 0 : form.Kernel == LayerKernel.Dynamic && candidate.Kernel == LayerKernel.Integer ? 1 : 2)
        .ThenBy(candidate => candidate.Kernel).ThenBy(candidate => Math.Abs(candidate.Bits - form.Bits)).ThenBy(candidate => candidate.Bits);

    /// <summary>By the errors of weights, where the layer cannot run alone.</summary>
    /// <returns>Null when nothing follows from the base.</returns>
    private (double Noise, double? Divergence)? From(LayerForm known, LayerForm form)
    {
        (double noise, double? divergence) = measured[known];
        double knownWeights = errors[known].Weights;
        double weights = errors[form].Weights;
        // Activations of integer kernels are rounded as well, whatever the weights are.
        if (known.Kernel != LayerKernel.Float && form.Kernel != LayerKernel.Float && measured.Keys.FirstOrDefault(key => key.Kernel == LayerKernel.Float) is { } few
            && errors[few].Weights > 0)
        {
            double more = Math.Max(0, weights - knownWeights) / errors[few].Weights;
            return (noise + (measured[few].Noise * more), divergence + (measured[few].Divergence * more));
        }
        return knownWeights > 0 ? Scaled(weights / knownWeights) : null;

        (double Noise, double? Divergence)? Scaled(double ratio) => double.IsFinite(ratio) ? (noise * ratio, divergence * ratio) : null;
    }
}
