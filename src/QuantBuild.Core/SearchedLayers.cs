using QuantBuild.Execution;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Rewriting;
using QuantBuild.Search;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>The layers that a search is about, between the stages that know nodes and the solver that knows names.</summary>
/// <param name="plain">Everything in 8 bits.</param>
/// <param name="settings">Of all candidates.</param>
internal sealed class SearchedLayers(MadeModel plain, QuantizationSettings settings, IInferenceEngine engine, ModelSamples samples)
{
    private readonly LayerCatalogue catalogue = LayerCatalogue.Of(
        plain.Draft.Model.Graph, plain.Draft.Facts, plain.Draft.Placement, settings, HalfPrecision.WhyNot);

    /// <summary>Of all nodes, when everything is in 8 bits.</summary>
    public LayerAssignment PlainForms => ToNodes(new LayerAssignment(catalogue.Layers.ToDictionary(layer => layer.Name, PlainFormOf, StringComparer.Ordinal)));

    public double FloatNanoseconds => catalogue.FloatCost;

    /// <summary>For each weight its elements times the length of a row, which solving for it takes in the main.</summary>
    public double RoundingMultiplyAdds => catalogue.Layers
        .SelectMany(layer => layer.Forms.SelectMany(form => form.Targets).DistinctBy(target => target.Key))
        .Sum(target => (double)target.Matrix.Length * target.Matrix.Columns);

    public SensitivityTable Measure(SearchFiles files, Action<double> progress, CancellationToken cancellation)
    {
        var weights = new LayerWeightsByForm(plain.Draft.Model.Graph, plain.Draft.Table, plain.Precision, settings.LowBits);
        var probe = new SensitivityProbe(
            engine, plain.Draft.Model, plain.Draft.Facts, plain.Precision, samples, weights.Of, settings.BiasCorrection != BiasCorrectionMode.Off);
        return probe.Measure(catalogue.Layers, files.Table(), files.Keep, progress, cancellation);
    }

    /// <param name="plainBytes">Of the file with everything in 8 bits.</param>
    public SearchProblem Problem(SensitivityTable table, QuantizationObjective objective, SearchLimits limits, long plainBytes)
    {
        LayerChoices[] choices = [.. catalogue.Layers.Select(layer => new LayerChoices(
            layer.Name,
            [
                .. layer.Forms.Where(form => table.Of(layer.Name, form.Form) is not null)
                    .Select(form => new LayerOption(form.Form, table.Of(layer.Name, form.Form)!.Noise, form.Bytes, form.Cost)),
            ]))];
        long layersInPlain = catalogue.Layers.Zip(choices).Sum(pair => pair.Second.Options.First(option => option.Form == PlainFormOf(pair.First)).Bytes);
        return new SearchProblem(choices, Math.Max(0, plainBytes - layersInPlain), catalogue.OtherCost, catalogue.FloatCost, objective, limits);
    }

    /// <summary>Everything in 8 bits, as the settings make it without a search.</summary>
    public Proposal Plain(SearchProblem problem)
    {
        var forms = catalogue.Layers.ToDictionary(layer => layer.Name, PlainFormOf, StringComparer.Ordinal);
        LayerOption[] options = [.. problem.Layers.Select(layer => layer.Options.First(option => option.Form == forms[layer.Layer]))];
        return new Proposal(
            new LayerAssignment(forms),
            options.Sum(option => option.Noise),
            problem.OtherBytes + options.Sum(option => option.Bytes),
            (problem.OtherCost + options.Sum(option => option.Cost)) / Math.Max(problem.FloatCost, double.Epsilon));
    }

    /// <summary>From layers to all of their nodes.</summary>
    public LayerAssignment ToNodes(LayerAssignment assignment) => new(
        catalogue.Layers.Where(layer => assignment.Of(layer.Name) is not null)
            .SelectMany(layer => layer.Nodes.Select(node => (node.DisplayName, Form: assignment.Of(layer.Name)!)))
            .DistinctBy(node => node.DisplayName, StringComparer.Ordinal)
            .ToDictionary(node => node.DisplayName, node => node.Form, StringComparer.Ordinal));

    private static LayerForm PlainFormOf(WeightedLayer layer)
    {
        LayerForm[] preferred =
        [
            new(LayerKernel.Integer, 8), .. layer.Nodes.Any(node => node.Is("LSTM")) ? [new LayerForm(LayerKernel.Dynamic, 8)] : Array.Empty<LayerForm>(),
            new(LayerKernel.Float, 8), new(LayerKernel.Float, 16), LayerForm.Float32,
        ];
        return preferred.First(form => layer.Plan(form) is not null);
    }
}
