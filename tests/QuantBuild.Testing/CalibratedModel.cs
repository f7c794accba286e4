using QuantBuild.Calibration;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Precision;
using QuantBuild.Preparation;
using QuantBuild.Rewriting;
using QuantBuild.Settings;

namespace QuantBuild.Testing;

/// <summary>A model with all that is known before its weights are rounded.</summary>
internal sealed record CalibratedModel(
    OnnxModel Original, OnnxModel Prepared, TensorFacts Facts, ModelSamples Samples, PlacementPlan Plan, CalibrationTable Table, PrecisionPlan Precision, LayerCatalogue Catalogue)
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    public WeightedLayer Layer(string name) => Catalogue.Layers.Single(layer => layer.Name == name);

    /// <param name="arrays">Samples; one array per input, and perhaps labels.</param>
    /// <param name="batch">Samples in a batch; null: as many as usual.</param>
    public static CalibratedModel Of(
        OnnxModel model, IReadOnlyList<NamedArray> arrays, IInferenceEngine engine, QuantizationSettings? settings = null, int? batch = null)
    {
        settings ??= TestSettings.Of(QuantizationScheme.Static);
        var problems = new DiagnosticBag();
        SampleBinding binding = SampleBinding.Bind(new ArraySampleSource([.. arrays]), model.Signature, Origin, problems)!;
        OnnxModel prepared = ModelPreparer.Prepare(model, Origin).Model;
        TensorFacts facts = ShapeProbe.Observe(prepared, ModelSamples.OneByOne(binding, binding, null), engine);
        ModelSamples samples = ModelSamples.Select(binding, binding, null, true, prepared, facts, engine, Origin, problems);
        if (batch is { } size)
            samples = samples with { Calibration = new SampleStream(binding, SampleSelection.All, size), BatchSize = size };
        NodeExclusion exclusion = NodeExclusion.From(settings, prepared.Graph, Origin, problems);
        PlacementPlan plan = DynamicPlanner.AddChosen(PlacementPlanner.Plan(prepared.Graph, facts, exclusion), prepared.Graph, exclusion, layers: null);
        CalibrationTable table = new Calibrator(engine, Origin, settings.MemoryLimit)
            .Calibrate(prepared, plan, facts, samples, _ => { }, CancellationToken.None, keepsRows: true);
        plan = PlacementReviser.Revise(plan, prepared.Graph, facts, table.Activations, table.NotFinite, settings, Origin, problems, null);
        PrecisionPlan precision = PrecisionChooser.Choose(plan, table, settings.RangeEstimator, prepared.Graph);
        return new CalibratedModel(
            model, prepared, facts, samples, plan, table, precision, LayerCatalogue.Of(prepared.Graph, facts, plan, settings, HalfPrecision.WhyNot));
    }
}
