using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Precision;
using QuantBuild.Settings;

namespace QuantBuild.Sensitivity;

/// <summary>Measures what each layer, alone, does to the outputs of a model in the forms that it can take.</summary>
/// <remarks>
/// What a layer reads is kept from one run of the float model; only the part of the model behind it runs again. Three forms of a layer are measured so, one in
/// integers and two of few bits; the others follow from them by the errors of what the layer itself gives, which are found for all forms: how much of such an
/// error arrives at the outputs depends on the layer and hardly on the form.
/// </remarks>
/// <param name="prepared">Float model that the layers are of.</param>
/// <param name="precision">Parameters of activations of everything that can run in integers; null when there are no calibration data.</param>
/// <param name="rounding">Gives weights in a form.</param>
/// <param name="correctsBias">True when biases will take back what rounding does to means.</param>
internal sealed class SensitivityProbe(
    IInferenceEngine engine, OnnxModel prepared, TensorFacts facts, PrecisionPlan? precision, ModelSamples samples, LayerRounding rounding, bool correctsBias)
{
    /// <summary>Noise of so many samples differs from that of many more by less than what the choice of forms is off by anyway.</summary>
    public const int MostSamples = 64;

    private const int FewestSamples = 8;

    /// <summary>Samples that the layers themselves are run with: each gives a value for every channel and position.</summary>
    private const int LocalSamples = 16;

    /// <summary>A form of few bits that is measured, the first that is possible.</summary>
    private static readonly int[] MeasuredBits = [4, 3, 5, 6, 8, 16];

    /// <summary>In the worst form, larger errors arrive at the outputs in another way.</summary>
    private const int FewestBits = 2;

    private readonly LayerCutter cutter = new(
        prepared.Graph, facts, [.. prepared.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)]);

    private double passes;

    /// <summary>What inner values of all samples may take together, or those that one layer needs.</summary>
    public long MostBytes { get; init; } = 256L << 20;

    /// <param name="sofar">Of an earlier call that was not finished; null: nothing.</param>
    /// <param name="checkpoint">Is given what is there after every layer.</param>
    /// <param name="report">Is told which part is done.</param>
    public SensitivityTable Measure(
        IReadOnlyList<WeightedLayer> layers, SensitivityTable? sofar, Action<SensitivityTable>? checkpoint, Action<double>? report, CancellationToken cancellation)
    {
        SensitivityTable table = sofar ?? SensitivityTable.Empty;
        passes = table.FloatPasses;
        if (layers.All(layer => table.Has(layer.Name)))
            return table;
        // Groups are those of all layers: which values are shown together decides the last bits of what the runtime gives.
        LayerCut[] cuts = [.. layers.Select(cutter.Cut)];
        long batch = Math.Max(1, samples.Calibration.Varies ? 1 : FixedBatch());
        long largest = cuts.Max(cut => cut.BytesPerSample(prepared.Graph, facts, batch));
        int most = (int)Math.Clamp(MostBytes / Math.Max(1, largest), FewestSamples, MostSamples);
        ProbeSamples probe = ProbeSamples.Read(engine, prepared, samples, most, cancellation);
        passes += PassesOf(probe.Count);
        int done = layers.Count(layer => table.Has(layer.Name));
        foreach (LayerCut[] group in Groups(cuts, probe.Count, batch))
        {
            if (group.All(cut => table.Has(cut.Layer.Name)))
                continue;
            KeptValues values = KeptValues.Read(engine, prepared, probe, Needed(group), cancellation);
            passes += PassesOf(probe.Count);
            foreach (LayerCut cut in group.Where(cut => !table.Has(cut.Layer.Name)).ToArray())
            {
                IReadOnlyList<SensitivityEntry> entries = Measure(cut, probe, values, cancellation);
                table = new SensitivityTable(probe.Count, passes, [.. table.Entries, .. entries]);
                checkpoint?.Invoke(table);
                report?.Invoke((double)++done / layers.Count);
            }
        }
        return table;
    }

    private IReadOnlyList<SensitivityEntry> Measure(LayerCut cut, ProbeSamples probe, KeptValues values, CancellationToken cancellation)
    {
        WeightedLayer layer = cut.Layer;
        var derivation = new FormDerivation(layer);
        int localBatches = BatchesOf(probe, LocalSamples);
        LocalNoise? local = LocalNoise.Of(engine, prepared, facts, layer, values, precision, localBatches);
        var shifts = new Dictionary<LayerForm, IReadOnlyDictionary<OnnxNode, float[]>>();
        LayerFormPlan[] plans = [.. layer.Forms.Where(plan => plan.Form != LayerForm.Float32 && (plan.Form.Kernel != LayerKernel.Integer || precision is not null))];
        LayerFormPlan[] measured = [.. MeasuredOf(plans)];
        var kept = new Dictionary<LayerForm, IReadOnlyDictionary<ConstantKey, OnnxTensor>>();
        foreach (LayerFormPlan plan in plans)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<ConstantKey, OnnxTensor> weights = rounding(layer, plan);
            if (measured.Contains(plan))
                kept.Add(plan.Form, weights);
            LayerError? error = local?.Of(plan.Form, weights, CorrectedIn(layer, plan));
            shifts.Add(plan.Form, error?.Shifts ?? LayerError.NoShifts);
            derivation.Add(plan.Form, error?.Power, WeightError(weights));
        }
        passes += local is null ? 0 : cutter.ShareOf(layer.Nodes.ToHashSet()) * PassesOf(probe.Count) * local.Runs / probe.Batches.Count;
        if (measured.Length > 0)
            MeasureAll(cut, measured, kept, shifts, probe, values, derivation, cancellation);
        return [.. plans.Select(plan => derivation.Entry(plan.Form)), new SensitivityEntry(layer.Name, LayerForm.Float32.Code, 0, 0, Measured: true)];
    }

    private void MeasureAll(
        LayerCut cut, LayerFormPlan[] measured, Dictionary<LayerForm, IReadOnlyDictionary<ConstantKey, OnnxTensor>> weights,
        Dictionary<LayerForm, IReadOnlyDictionary<OnnxNode, float[]>> shifts, ProbeSamples probe, KeptValues values, FormDerivation derivation,
        CancellationToken cancellation)
    {
        ModelCut part = ModelCut.Of(prepared, cut.Nodes, cut.Outputs, value => facts.Of(value)!.ElementType);
        foreach (LayerFormPlan plan in measured)
        {
            cancellation.ThrowIfCancellationRequested();
            var noise = new OutputNoise(probe);
            using (IInferenceSession session = engine.Open(new LayerTrial(cut.Layer, precision).Write(part, plan.Form, weights[plan.Form], shifts[plan.Form])))
                for (int batch = 0; batch < probe.Batches.Count; batch++)
                {
                    int current = batch;
                    session.Run(values.Of(batch, part.Inputs), part.Outputs, (i, output) => noise.Add(current, part.Outputs[i], output));
                }
            passes += cut.Share * PassesOf(probe.Count);
            derivation.Measured(plan.Form, noise.Noise, noise.Divergence);
        }
    }

    private static IEnumerable<LayerFormPlan> MeasuredOf(LayerFormPlan[] plans)
    {
        LayerFormPlan? integer = plans.FirstOrDefault(plan => plan.Form is { Kernel: LayerKernel.Integer, Bits: 8 })
            ?? plans.FirstOrDefault(plan => plan.Form.Kernel == LayerKernel.Dynamic);
        LayerFormPlan? few = MeasuredBits.Select(bits => plans.FirstOrDefault(plan => plan.Form.Kernel == LayerKernel.Float && plan.Form.Bits == bits))
            .FirstOrDefault(plan => plan is not null);
        LayerFormPlan? fewest = plans.FirstOrDefault(plan => plan.Form is { Kernel: LayerKernel.Float, Bits: FewestBits });
        return new[] { integer, few, fewest }.OfType<LayerFormPlan>();
    }

    private IReadOnlySet<OnnxNode> CorrectedIn(WeightedLayer layer, LayerFormPlan plan) => !correctsBias ? new HashSet<OnnxNode>()
        : plan.Form.Kernel == LayerKernel.Integer ? layer.Integers.Where(node => node is { Bias: not null, Weight: not null }).Select(node => node.Node).ToHashSet()
        : plan.Targets.Where(target => target.Reader?.Bias is not null).Select(target => target.Reader!.Node).ToHashSet();

    private static double WeightError(IReadOnlyDictionary<ConstantKey, OnnxTensor> weights)
    {
        double error = 0;
        foreach ((ConstantKey key, OnnxTensor rounded) in weights)
            error += Numerics.SquaredErrorKernel.Sum(key.Graph.InitializerOf(key.Name)!.InMemory().Floats, rounded.Floats).Error;
        return error;
    }

    private IEnumerable<LayerCut[]> Groups(LayerCut[] cuts, int count, long batch)
    {
        var group = new List<LayerCut>();
        var values = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (LayerCut cut in cuts)
        {
            string[] added = [.. Needed([cut]).Where(value => !values.Contains(value))];
            long own = added.Sum(value => facts.Of(value)?.Bytes ?? 0) / batch * count;
            if (group.Count > 0 && bytes + own > MostBytes)
            {
                yield return [.. group];
                group.Clear();
                values.Clear();
                bytes = 0;
                added = [.. Needed([cut])];
                own = added.Sum(value => facts.Of(value)?.Bytes ?? 0) / batch * count;
            }
            group.Add(cut);
            values.UnionWith(added);
            bytes += own;
        }
        if (group.Count > 0)
            yield return [.. group];
    }

    /// <summary>What must be kept: what the parts read, and what integer kernels give.</summary>
    private string[] Needed(IReadOnlyList<LayerCut> cuts) =>
    [
        .. cuts.SelectMany(cut => cut.Inputs.Concat(cutter.IsOutside(cut.Layer)
                ? cut.Layer.Integers.Where(node => node.QuantizesOutput).SelectMany(node => node.Outputs)
                : []))
            .Where(value => !prepared.Graph.IsInput(value)).Distinct(StringComparer.Ordinal),
    ];

    private double PassesOf(int count) => (double)count / Math.Max(1, samples.Calibration.Count);

    private static int BatchesOf(ProbeSamples probe, int count) =>
        Math.Clamp((int)Math.Ceiling((double)count * probe.Batches.Count / Math.Max(1, probe.Count)), 1, probe.Batches.Count);

    /// <summary>Samples that facts are of.</summary>
    private long FixedBatch() => prepared.Signature.Inputs.Select(input => input.Shape is [{ Value: { } first }, ..] ? first : 1).FirstOrDefault(1);
}
