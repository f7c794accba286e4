using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Placement.Layers;
using QuantBuild.Sensitivity;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Sensitivity;

/// <summary>What the probe says of layers, beside files in which one layer alone has the form.</summary>
[TestClass]
public sealed class SensitivityProbeTests
{
    /// <summary>A kernel of integers also rounds its bias, and sums in another order.</summary>
    private const double MeasuredToleranceDecibels = 0.6;

    /// <summary>These files take back no mean error of a channel, which is another one in every form and arrives at the outputs stronger than the rest.</summary>
    private const double DerivedToleranceDecibels = 8;

    /// <summary>A recurrent kernel rounds its state at every step as well, which is not simulated.</summary>
    private const double DynamicToleranceDecibels = 7;

    /// <summary>Layers of one net are within a few decibels of each other; two forms of each are ranked together.</summary>
    private const double LeastCorrelation = 0.8;

    /// <summary>Less than that is rounding of floats.</summary>
    private const double LeastNoise = 1e-10;

    /// <summary>Of noise; codes at the edge between two may change with the last bits.</summary>
    private const double RoundingPart = 0.01;

    private const int SampleCount = 12;

    private static readonly LayerForm Integer8 = new(LayerKernel.Integer, 8);

    private static readonly LayerForm Float4 = new(LayerKernel.Float, 4);

    private static readonly LayerForm Float3 = new(LayerKernel.Float, 3);

    private static readonly LayerForm Float6 = new(LayerKernel.Float, 6);

    private static readonly LayerForm Dynamic8 = new(LayerKernel.Dynamic, 8);

    private static readonly OnnxRuntimeEngine Engine = new();

    [TestMethod]
    [DataRow("residual")]
    [DataRow("transformer-encoder")]
    [DataRow("lstm-classifier")]
    [DataRow("control-flow")]
    public void Measure_MeasuredForms_AreTheNoiseOfWholeFiles(string name)
    {
        CalibratedModel model = Model(name);
        SensitivityTable table = Measure(model);
        var files = new LayerFiles(model, Engine);

        var wrong = new List<string>();
        foreach (WeightedLayer layer in model.Catalogue.Layers)
            foreach (LayerForm form in new[] { Integer8, Float4 }.Where(form => layer.Plan(form) is not null))
            {
                SensitivityEntry entry = table.Of(layer.Name, form)!;
                Assert.IsTrue(entry.Measured);
                double expected = files.NoiseOf(layer, form);
                if (Apart(entry.Noise, expected) > MeasuredToleranceDecibels)
                    wrong.Add($"{layer.Name} {form}: {Decibels(entry.Noise):F2} dB, its file {Decibels(expected):F2} dB");
            }
        Assert.AreEqual(0, wrong.Count, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("residual")]
    [DataRow("lstm-classifier")]
    public void Measure_DerivedForms_AreNearAndRankTheLayers(string name)
    {
        CalibratedModel model = Model(name);
        SensitivityTable table = Measure(model);
        var files = new LayerFiles(model, Engine);

        (WeightedLayer Layer, LayerForm Form)[] derived =
        [
            .. from layer in model.Catalogue.Layers
               from form in new[] { Float3, Float6 }
               where layer.Plan(form) is not null
               select (layer, form),
        ];
        Assert.IsFalse(derived.Any(pair => table.Of(pair.Layer.Name, pair.Form)!.Measured));
        double[] expected = [.. derived.Select(pair => files.NoiseOf(pair.Layer, pair.Form))];
        double[] found = [.. derived.Select(pair => table.Of(pair.Layer.Name, pair.Form)!.Noise)];
        string[] wrong =
        [
            .. derived.Select((pair, i) => (pair, i)).Where(one => Apart(found[one.i], expected[one.i]) > DerivedToleranceDecibels)
                .Select(one => $"{one.pair.Layer.Name} {one.pair.Form}: {Decibels(found[one.i]):F2} dB, its file {Decibels(expected[one.i]):F2} dB"),
        ];

        Assert.AreEqual(0, wrong.Length, string.Join('\n', wrong));
        Assert.IsGreaterThan(LeastCorrelation, RankCorrelation.Of(found, expected), string.Join(
            '\n', derived.Select((pair, i) => $"{pair.Layer.Name} {pair.Form}: {Decibels(found[i]):F2} dB, its file {Decibels(expected[i]):F2} dB")));
    }

    [TestMethod]
    public void Measure_DynamicLayers_AreNear()
    {
        CalibratedModel model = Model("lstm-classifier");
        SensitivityTable table = Measure(model);
        var files = new LayerFiles(model, Engine);
        WeightedLayer[] dynamic = [.. model.Catalogue.Layers.Where(layer => layer.Plan(Dynamic8) is not null)];

        Assert.IsGreaterThan(1, dynamic.Length);
        foreach (WeightedLayer layer in dynamic)
            Assert.IsLessThan(DynamicToleranceDecibels, Apart(table.Of(layer.Name, Dynamic8)!.Noise, files.NoiseOf(layer, Dynamic8)), layer.Name);
    }

    [TestMethod]
    public void Measure_NodesThatShareAWeight_AreMeasuredTogether()
    {
        CalibratedModel model = Model(
            new ModelBuilder().Input("x", "n,32").Weights("w", 32, 32).Weights("v", 32, 32)
                .Node("MatMul", "x w", "a", ("name", "first")).Node("Tanh", "a", "b").Node("MatMul", "b w", "c", ("name", "second"))
                .Node("MatMul", "c v", "d", ("name", "last")).Output("d").Output("a"));
        SensitivityTable table = Measure(model);
        var files = new LayerFiles(model, Engine);

        Assert.AreEqual(2, model.Catalogue.Layers.Count);
        foreach (WeightedLayer layer in model.Catalogue.Layers)
            Assert.IsLessThan(MeasuredToleranceDecibels, Apart(table.Of(layer.Name, Float4)!.Noise, files.NoiseOf(layer, Float4)), layer.Name);
    }

    [TestMethod]
    public void Measure_LittleMemory_SameNoiseInMorePasses()
    {
        CalibratedModel model = Model("residual");

        SensitivityTable table = Measure(model);
        SensitivityTable withLittle = Measure(model, mostBytes: 1 << 20);

        // Which values are shown decides what the runtime merges, and so the last bits.
        foreach ((SensitivityEntry entry, SensitivityEntry other) in table.Entries.Zip(withLittle.Entries))
            Assert.AreEqual(entry.Noise, other.Noise, RoundingPart * entry.Noise, $"{entry.Layer} {entry.Form}");
        Assert.AreEqual(table.Entries.Count, withLittle.Entries.Count);
        Assert.IsGreaterThan(table.FloatPasses + 1, withLittle.FloatPasses);
    }

    [TestMethod]
    public void Measure_StoppedAndGoneOn_SameTable()
    {
        CalibratedModel model = Model("transformer-encoder");
        SensitivityTable whole = Measure(model);
        SensitivityTable? half = null;
        using var stop = new CancellationTokenSource();

        Assert.ThrowsExactly<OperationCanceledException>(() => Probe(model).Measure(
            model.Catalogue.Layers,
            null,
            table =>
            {
                half = SensitivityTable.Read(table.ToBytes());
                if (table.Entries.Select(entry => entry.Layer).Distinct().Count() == 3)
                    stop.Cancel();
            },
            null,
            stop.Token));
        SensitivityTable goneOn = Probe(model).Measure(model.Catalogue.Layers, half, null, null, CancellationToken.None);

        Assert.IsLessThan(whole.Entries.Count, half!.Entries.Count);
        CollectionAssert.AreEqual(whole.Entries.ToArray(), goneOn.Entries.ToArray());
    }

    [TestMethod]
    public void Measure_WithoutCalibration_FloatFormsOnly()
    {
        CalibratedModel model = Model("residual");
        var weights = new LayerWeightsByForm(model.Prepared.Graph, null, null, LowBitSettings.EightBits);
        var probe = new SensitivityProbe(Engine, model.Prepared, model.Facts, null, model.Samples, weights.Of, correctsBias: false);

        SensitivityTable table = probe.Measure([.. model.Catalogue.Layers.Take(2)], null, null, null, CancellationToken.None);

        Assert.IsFalse(table.Entries.Any(entry => entry.Form.StartsWith("Integer", StringComparison.Ordinal)));
        Assert.IsTrue(table.Of(model.Catalogue.Layers[0].Name, Float4)!.Measured);
    }

    [TestMethod]
    public void Measure_FewerBits_MoreNoise()
    {
        CalibratedModel model = Model("residual");
        SensitivityTable table = Measure(model);

        foreach (WeightedLayer layer in model.Catalogue.Layers)
            foreach (LayerKernel kernel in new[] { LayerKernel.Integer, LayerKernel.Float })
            {
                double[] noise =
                [
                    .. layer.Forms.Where(plan => plan.Form.Kernel == kernel && plan.Form.Bits is 2 or 3 or 4 or 8 && plan.Form.Kernel == kernel).OrderBy(plan => plan.Form.Bits)
                        .Select(plan => table.Of(layer.Name, plan.Form)!.Noise),
                ];
                CollectionAssert.AreEqual(noise.OrderDescending().ToArray(), noise, $"{layer.Name} {kernel}");
            }
    }

    private static double Apart(double noise, double other) =>
        noise < LeastNoise && other < LeastNoise ? 0 : Math.Abs(Decibels(Math.Max(noise, LeastNoise)) - Decibels(Math.Max(other, LeastNoise)));

    private static double Decibels(double noise) => -10 * Math.Log10(noise);

    private static SensitivityTable Measure(CalibratedModel model, long? mostBytes = null) =>
        Probe(model, mostBytes).Measure(model.Catalogue.Layers, null, null, null, CancellationToken.None);

    /// <summary>Weights to their nearest values, as the files have them.</summary>
    private static SensitivityProbe Probe(CalibratedModel model, long? mostBytes = null)
    {
        var weights = new LayerWeightsByForm(model.Prepared.Graph, null, model.Precision, LowBitSettings.EightBits);
        return new SensitivityProbe(Engine, model.Prepared, model.Facts, model.Precision, model.Samples, weights.Of, correctsBias: false)
        {
            MostBytes = mostBytes ?? 256 << 20,
        };
    }

    private static CalibratedModel Model(string net) => CalibratedModel.Of(
        OnnxModelReader.Parse(GeneratedNets.Of(net).Model, new DiagnosticOrigin(net)), GeneratedNets.Of(net).Samples(SampleCount, 1), Engine);

    private static CalibratedModel Model(ModelBuilder builder) => CalibratedModel.Of(
        builder.Build(), [NamedArray.Of("x", [SampleCount, 32], SeededValues.Floats("x", -2, 2, SampleCount * 32))], Engine);
}
