using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Costs;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting.LowBits;

/// <summary>Forms and accuracy levels, by the table of costs and the rows that the samples showed.</summary>
[TestClass]
public sealed class LowBitFormChooserTests
{
    private const int Unknown = 0;

    [TestMethod]
    [DataRow(4, 768, 1, LowBitForm.MatMulNBits, 4, DisplayName = "a row is ten times as fast packed")]
    [DataRow(4, 768, 128, LowBitForm.MatMulNBits, 4, DisplayName = "many rows are a little faster")]
    [DataRow(4, 384, 128, LowBitForm.MatMulNBits, 1, DisplayName = "by less than what rounding activations has to save")]
    [DataRow(4, 128, 128, LowBitForm.Folded, 4, DisplayName = "small ones are slower")]
    [DataRow(8, 768, 1, LowBitForm.MatMulNBits, 4)]
    [DataRow(8, 128, 128, LowBitForm.Folded, 4, DisplayName = "8 bits are slow where activations stay floats")]
    [DataRow(2, 768, 1, LowBitForm.MatMulNBits, 4)]
    [DataRow(2, 768, 128, LowBitForm.Folded, 4, DisplayName = "2 bits are slower than floats with many rows")]
    [DataRow(3, 768, 1, LowBitForm.Folded, 4, DisplayName = "there is no kernel for 3 bits")]
    [DataRow(4, 768, Unknown, LowBitForm.MatMulNBits, 4, DisplayName = "large ones stay packed when rows are unknown")]
    [DataRow(4, 128, Unknown, LowBitForm.Folded, 4, DisplayName = "small ones do not")]
    public void Choose_Latency_TakesTheFastest(int bits, int width, int rows, object form, int level)
    {
        LowBitConstant chosen = Choose(Weight(bits, width), rows, QuantizationObjective.Latency);

        Assert.AreEqual((LowBitForm)form, chosen.Form);
        if (chosen.Form == LowBitForm.MatMulNBits)
            Assert.AreEqual(level, chosen.AccuracyLevel);
    }

    [TestMethod]
    [DataRow(768, 1)]
    [DataRow(768, 128)]
    [DataRow(96, 1)]
    [DataRow(96, 128)]
    public void Choose_Size_IsAboutTheSmallest(int width, int rows)
    {
        foreach (int block in (int[])[0, 16, 32])
        {
            LowBitWeight weight = Weight(4, width, block);
            LowBitConstant chosen = Choose(weight, rows, QuantizationObjective.Size);

            var size = new LowBitSize(4, weight.Matrix, weight.Grid.BlockColumns) { HalfScales = true };
            double smallest = Math.Min(size.BytesOf(LowBitForm.Folded), size.BytesOf(LowBitForm.MatMulNBits));
            Assert.IsLessThan(smallest * 1.04, size.BytesOf(chosen.Form), $"{chosen.Form}, block {block}");
        }
    }

    /// <summary>No file becomes one of a later operator set for it.</summary>
    [TestMethod]
    [DataRow(20, LowBitForm.MatMulNBits)]
    [DataRow(21, LowBitForm.BlockedDequantize)]
    public void Choose_ModelHasBlocks_StandardOperatorsThatBecomeTheSameKernel(int opset, object form) =>
        Assert.AreEqual((LowBitForm)form, Choose(Weight(4, 768), rows: 1, QuantizationObjective.Latency, opset).Form);

    /// <summary>What the runtime makes of standard operators computes at level 4.</summary>
    [TestMethod]
    public void Choose_ModelHasBlocksAndActivationsStayFloats_IsWrittenWithItsLevel()
    {
        LowBitConstant chosen = Choose(Weight(4, 384), rows: 128, QuantizationObjective.Latency, opset: 21);

        Assert.AreEqual((LowBitForm.MatMulNBits, 1), (chosen.Form, chosen.AccuracyLevel));
    }

    [TestMethod]
    public void ProductsOf_PackedWeight_NamesItsReaders()
    {
        LowBitWeight weight = Weight(4, 768);
        OnnxModel model = Product(weight, rows: 1, opset: 17);
        LowBitStorage storage = Chooser(model, 1, QuantizationObjective.Latency).Choose(Codes(model, weight));

        KeyValuePair<OnnxNode, PackedProduct> product = storage.ProductsOf(model.Graph).Single();

        Assert.AreEqual((model.Graph.Nodes.Single(), new PackedProduct(4, 32, 4)), (product.Key, product.Value));
    }

    private static LowBitConstant Choose(LowBitWeight weight, int rows, QuantizationObjective objective, int opset = 17)
    {
        OnnxModel model = Product(weight, rows, opset);
        return Chooser(model, rows, objective).Choose(Codes(model, weight)).Weights.Values.Single();
    }

    private static LowBitFormChooser Chooser(OnnxModel model, int rows, QuantizationObjective objective)
    {
        long width = model.Graph.InitializerOf("w")!.Shape[0];
        var shapes = new[] { "x", "y" }.Where(_ => rows != Unknown)
            .ToDictionary(name => name, _ => new TensorFact(OnnxElementType.Float, [rows, width]));
        return new LowBitFormChooser(
            model, new TensorFacts(model.Graph, shapes), TestSettings.Of(QuantizationScheme.WeightOnly) with { Objective = objective });
    }

    private static LowBitCodes Codes(OnnxModel model, LowBitWeight weight) => new(
        new Dictionary<ConstantKey, LowBitWeight> { [new ConstantKey(model.Graph, "w")] = weight },
        new Dictionary<ConstantKey, OnnxTensor>());

    private static OnnxModel Product(LowBitWeight weight, int rows, int opset)
    {
        int width = weight.Grid.Columns;
        return new ModelBuilder(opset).Input("x", $"{(rows == Unknown ? "n" : rows)},{width}").Output("y")
            .Weights("w", width, width).Node("MatMul", "x w", "y").Build();
    }

    private static LowBitWeight Weight(int bits, int width, int block = 32) =>
        LowBitSamples.Weight("w", [width, width], new ChannelAxes(1), bits, block, GridKind.Symmetric | GridKind.HalfScales);
}
