using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class MaskProbeTests
{
    private const int Length = 4;

    private static readonly long[] TwoSamples = [1, 1, 0, 0, 1, 1, 1, 0];

    [TestMethod]
    [DataRow(nameof(OnnxElementType.Int64))]
    [DataRow(nameof(OnnxElementType.Int32))]
    [DataRow(nameof(OnnxElementType.Bool))]
    [DataRow(nameof(OnnxElementType.Float))]
    public void Find_SumOfWhatIsKept_MaskOfAnyType(string typeName)
    {
        var type = Enum.Parse<OnnxElementType>(typeName);
        ScriptedEngine engine = Engine(type, (id, kept) => id * kept);

        PaddingMask mask = Find(engine, type, TwoSamples)!;

        Assert.AreEqual("kept", mask.Input);
        CollectionAssert.AreEqual(new long[] { 5, 6, 7, 8, 9, 10, 11, 12 }, Ids(mask.Batch));
        long[] changed = Ids(mask.Changed);
        for (int i = 0; i < changed.Length; i++)
            Assert.AreEqual(TwoSamples[i] == 1, changed[i] == 5 + i, $"position {i}");
        Assert.IsTrue(changed.All(id => id is >= 5 and <= 12), "values of the data only");
        Assert.AreEqual(0, engine.OpenSessions);
    }

    [TestMethod]
    public void Find_PaddingHasSomeInfluence_Null() =>
        Assert.IsNull(Find(Engine(OnnxElementType.Int64, (id, kept) => id * (kept + 0.01f)), OnnxElementType.Int64, TwoSamples));

    [TestMethod]
    public void Find_InfluenceBelowTheNoiseOfSums_IsTheMask() =>
        Assert.IsNotNull(Find(Engine(OnnxElementType.Int64, (id, kept) => (1_000 * kept) + (id * kept) + (id * 1e-5f)), OnnxElementType.Int64, TwoSamples));

    [TestMethod]
    public void Find_NothingHasInfluence_Null() =>
        Assert.IsNull(Find(Engine(OnnxElementType.Int64, (_, kept) => kept), OnnxElementType.Int64, TwoSamples));

    [TestMethod]
    [DataRow(new long[] { 1, 1, 1, 1, 1, 1, 1, 1 }, DisplayName = "ones only")]
    [DataRow(new long[] { 0, 0, 0, 0, 0, 0, 0, 0 }, DisplayName = "zeros only")]
    [DataRow(new long[] { 1, 1, 2, 0, 1, 1, 1, 0 }, DisplayName = "another number")]
    public void Find_NotZerosAndOnes_NoExperiment(long[] kept)
    {
        ScriptedEngine engine = Engine(OnnxElementType.Int64, (id, mask) => id * mask);

        Assert.IsNull(Find(engine, OnnxElementType.Int64, kept));
        Assert.IsEmpty(engine.Sessions);
    }

    [TestMethod]
    public void Find_FirstSamplesAreNotPadded_LaterOnesShowIt()
    {
        long[] kept = [.. Enumerable.Repeat(1L, 10 * Length), .. TwoSamples];

        Assert.AreEqual("kept", Find(Engine(OnnxElementType.Int64, (id, mask) => id * mask), OnnxElementType.Int64, kept)?.Input);
    }

    [TestMethod]
    public void Find_RuntimeRefusesOtherValues_Null()
    {
        int runs = 0;
        var engine = new ScriptedEngine((_, _) => runs++ == 0 ? ScriptedOutput.Floats([2], 1, 2) : throw new InferenceException("no"));

        Assert.IsNull(Find(engine, OnnxElementType.Int64, TwoSamples));
        Assert.AreEqual(0, engine.OpenSessions);
    }

    [TestMethod]
    public void Find_OutputWithoutElementsToCompare_Null()
    {
        var engine = new ScriptedEngine((_, _) => new ScriptedOutput(OnnxElementType.String, [2], []));

        Assert.IsNull(Find(engine, OnnxElementType.Int64, TwoSamples));
    }

    [TestMethod]
    public void Find_OtherInputsOfOtherShapes_Null()
    {
        OnnxModel model = new ModelBuilder().Input("ids", $"n,{Length + 1}", OnnxElementType.Int64).Input("kept", $"n,{Length}", OnnxElementType.Int64)
            .Node("Identity", "ids", "y").Output("y").Build();
        ScriptedEngine engine = Engine(OnnxElementType.Int64, (id, kept) => id * kept);

        Assert.IsNull(Find(
            engine, model, NamedArray.Of("ids", [2, Length + 1], new long[2 * (Length + 1)]), NamedArray.Of("kept", [2, Length], TwoSamples)));
        Assert.IsEmpty(engine.Sessions);
    }

    private static long[] Ids(IReadOnlyList<InputTensor> batch) =>
        MemoryMarshal.Cast<byte, long>(batch.Single(input => input.Name == "ids").Bytes.Span).ToArray();

    private static PaddingMask? Find(ScriptedEngine engine, OnnxElementType type, long[] kept)
    {
        OnnxModel model = new ModelBuilder().Input("ids", $"n,{Length}", OnnxElementType.Int64).Input("kept", $"n,{Length}", type)
            .Node("Identity", "ids", "y").Output("y").Build();
        long[] shape = [kept.Length / Length, Length];
        NamedArray mask = type switch
        {
            OnnxElementType.Int64 => NamedArray.Of("kept", shape, kept),
            OnnxElementType.Int32 => NamedArray.Of<int>("kept", type, shape, kept.Select(value => (int)value).ToArray()),
            OnnxElementType.Bool => NamedArray.Of<bool>("kept", type, shape, kept.Select(value => value == 1).ToArray()),
            _ => NamedArray.Of("kept", shape, kept.Select(value => (float)value).ToArray()),
        };
        return Find(engine, model, NamedArray.Of("ids", shape, Enumerable.Range(5, kept.Length).Select(i => (long)i).ToArray()), mask);
    }

    private static PaddingMask? Find(ScriptedEngine engine, OnnxModel model, params NamedArray[] arrays)
    {
        SampleBinding binding = SampleBinding.Bind(
            new ArraySampleSource(arrays), model.Signature, new DiagnosticOrigin("model.onnx"), new DiagnosticBag())!;
        return MaskProbe.Find(model, new SampleStream(binding, SampleSelection.All, MaskProbe.BatchSize), engine);
    }

    /// <summary>One output per sample: the sum over its positions.</summary>
    private static ScriptedEngine Engine(OnnxElementType maskType, Func<float, float, float> term) => new((inputs, _) =>
    {
        long[] ids = MemoryMarshal.Cast<byte, long>(inputs.Single(input => input.Name == "ids").Bytes.Span).ToArray();
        ReadOnlySpan<byte> mask = inputs.Single(input => input.Name == "kept").Bytes.Span;
        var sums = new float[ids.Length / Length];
        for (int i = 0; i < ids.Length; i++)
            sums[i / Length] += term(ids[i], mask.Slice(i * maskType.SizeBytes(), maskType.SizeBytes()).ContainsAnyExcept((byte)0) ? 1 : 0);
        return ScriptedOutput.Floats([sums.Length], sums);
    });
}
