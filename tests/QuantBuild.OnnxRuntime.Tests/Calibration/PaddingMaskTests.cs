using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Calibration;

/// <summary>One layer of attention over words, with an input of zeros and ones that is used in several ways.</summary>
[TestClass]
public sealed class PaddingMaskTests
{
    private const int Samples = 16;

    private const int Length = 6;

    /// <summary>As many columns as positions: a vector for each sample has the shape of a mask.</summary>
    private const int Width = Length;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Find_AttentionAndSumAreMasked_IsTheMask()
    {
        PaddingMask? mask = Find(Net(isAttentionMasked: true, isSumMasked: true, isEmbedded: false));

        Assert.AreEqual("kept", mask?.Input);
    }

    [TestMethod]
    [DataRow(true, false, false, DisplayName = "padding leaks into a sum over all positions")]
    [DataRow(false, true, false, DisplayName = "padding leaks through attention")]
    [DataRow(false, false, true, DisplayName = "another feature of each word")]
    public void Find_PositionsOfZerosCount_Null(bool isAttentionMasked, bool isSumMasked, bool isEmbedded) =>
        Assert.IsNull(Find(Net(isAttentionMasked, isSumMasked, isEmbedded)));

    [TestMethod]
    public void Find_OutputOfEveryPosition_Null() =>
        Assert.IsNull(Find(Net(isAttentionMasked: true, isSumMasked: true, isEmbedded: false).Output("c")));

    [TestMethod]
    public void HaveRowsApart_EveryValueOfTheNet_OnlyThoseWhosePaddedRowsGoNowhere()
    {
        OnnxModel model = Net(isAttentionMasked: true, isSumMasked: true, isEmbedded: false).Build();
        PaddingMask mask = Find(model)!;
        string[] values = ["e", "h", "c", "s", "scores", "gated", "y"];
        var exposer = new ValueExposer(model.Clone());
        foreach (string value in values.Except(["y"]))
            exposer.Expose(value);
        using IInferenceSession session = new OnnxRuntimeEngine().Open(exposer.ToImage());

        bool[] apart = mask.HaveRowsApart(session, values);

        // s: each row holds a product with every position. gated: zeros, which are part of the sum. y: [n, 6] by chance.
        Assert.AreEqual("e h c", string.Join(' ', values.Where((_, i) => apart[i])));
        Assert.IsTrue(mask.HasRowsApart("ids"));
        Assert.IsFalse(mask.HasRowsApart("kept"));
    }

    private static PaddingMask? Find(ModelBuilder net) => Find(net.Build());

    private static PaddingMask? Find(OnnxModel model)
    {
        long[] kept = [.. SeededValues.Integers("lengths", 2, Length + 1, Samples).SelectMany(
            length => Enumerable.Range(0, Length).Select(position => position < length ? 1L : 0))];
        long[] ids = [.. SeededValues.Integers("ids", 1, 20, Samples * Length).Select((id, i) => id * kept[i])];
        SampleBinding binding = SampleBinding.Bind(
            new ArraySampleSource(NamedArray.Of("ids", [Samples, Length], ids), NamedArray.Of("kept", [Samples, Length], kept)),
            model.Signature,
            Origin,
            new DiagnosticBag())!;
        return MaskProbe.Find(model, new SampleStream(binding, SampleSelection.All, MaskProbe.BatchSize), new OnnxRuntimeEngine());
    }

    private static ModelBuilder Net(bool isAttentionMasked, bool isSumMasked, bool isEmbedded)
    {
        ModelBuilder net = new ModelBuilder().Input("ids", $"n,{Length}", OnnxElementType.Int64).Input("kept", $"n,{Length}", OnnxElementType.Int64)
            .Weights("words", 20, Width).Weights("marks", 2, Width).Weights("w", Width, Width)
            .Int64s("one", 1).Int64s("two", 2).Initializer("unit", OnnxTensor.Scalar(1)).Initializer("huge", OnnxTensor.Scalar(10_000))
            .Node("Gather", "words ids", "word").Node("Cast", "kept", "keptf", ("to", (int)OnnxElementType.Float))
            .Node("Gather", "marks kept", "mark").Node(isEmbedded ? "Add" : "Identity", isEmbedded ? "word mark" : "word", "e")
            .Node("MatMul", "e w", "h").Node("Transpose", "h", "ht", ("perm", new[] { 0, 2, 1 })).Node("MatMul", "h ht", "s");
        if (isAttentionMasked)
            net.Node("Unsqueeze", "keptf one", "row").Node("Sub", "row unit", "drop").Node("Mul", "drop huge", "bias").Node("Add", "s bias", "scores");
        else
            net.Node("Identity", "s", "scores");
        net.Node("Softmax", "scores", "a", ("axis", -1)).Node("MatMul", "a h", "c");
        if (isSumMasked)
            net.Node("Unsqueeze", "keptf two", "column").Node("Mul", "c column", "gated").Node("ReduceSum", "gated one", "y", ("keepdims", 0));
        else
            net.Node("ReduceSum", "c one", "y", ("keepdims", 0));
        return net.Output("y");
    }
}
