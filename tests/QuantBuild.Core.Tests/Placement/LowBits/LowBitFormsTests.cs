using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.LowBits;

[TestClass]
public sealed class LowBitFormsTests
{
    [TestMethod]
    public void Of_Product_StaysPacked()
    {
        AssertForms(Model().Weights("w", 64, 32).Node("MatMul", "x w", "y"), "MatMulNBits Folded");
        AssertForms(Model().Weights("w", 64, 32).Node("MatMul", "x w", "y"), "MatMulNBits BlockedDequantize Folded", hasBlocks: true);
        AssertForms(Model().Weights("w", 32, 64).Weights("b", 32).Node("Gemm", "x w b", "y", ("transB", 1)), "MatMulNBits Folded");
        AssertForms(Model().Weights("w", 64, 64).Node("MatMul", "x w", "a").Node("MatMul", "a w", "y"), "MatMulNBits Folded");
    }

    [TestMethod]
    public void Of_WhatThePackedProductCannotDo_IsFolded()
    {
        AssertForms(Model().Weights("w", 64, 32).Node("Gemm", "x w", "y", ("alpha", 0.5f)), "Folded");
        AssertForms(Model().Weights("w", 64, 32).Weights("b", 32).Node("Gemm", "x w b", "y", ("beta", 0.5f)), "Folded");
        AssertForms(Model().Weights("w", 64, 32).Node("Gemm", "x w", "y", ("transA", 1)), "Folded");
        AssertForms(Model().Weights("w", 2, 64, 32).Node("MatMul", "x w", "y"), "Folded");
        AssertForms(Model().Weights("w", 32, 64).Node("MatMul", "w x", "y"), "Folded");
        AssertForms(Model().Weights("w", 64, 64).Node("MatMul", "x w", "a").Node("Gemm", "a w", "y", ("transB", 1)), "Folded");
        AssertForms(Model().Weights("w", 64, 64).Node("MatMul", "x w", "a").Node("Add", "a w", "y"), "Folded");
        AssertForms(Model().Weights("w", 64, 64).Node("MatMul", "x w", "y").Output("w", "64,64"), "Folded");
        AssertForms(Model().Weights("w", 8, 64, 3).Node("Conv", "x w", "y"), "Folded");
    }

    [TestMethod]
    public void Of_WeightThatABodyReads_IsFolded()
    {
        GraphBuilder body = new GraphBuilder().Node("MatMul", "x w", "inner").Output("inner");
        AssertForms(
            Model().Input("p", "", OnnxElementType.Bool).Weights("w", 64, 32).Node("If", "p", "y", ("then_branch", body), ("else_branch", body)), "Folded");
    }

    [TestMethod]
    public void Of_Table_IsReadByRows()
    {
        Assert.IsFalse(AssertForms(Table().Weights("w", 100, 64).Node("Gather", "w i", "y"), "GatherBlockQuantized Folded").IsLargeTable);
        Assert.IsTrue(AssertForms(Table().Weights("w", 4096, 64).Node("Gather", "w i", "y"), "GatherBlockQuantized Folded").IsLargeTable);
        AssertForms(Table().Weights("w", 100, 64).Node("Gather", "w i", "y", ("axis", 1)), "Folded");
        AssertForms(Table().Weights("w", 100, 64).Int64s("k", 1, 2).Node("Gather", "w k", "y"), "Folded");
        AssertForms(Table().Weights("w", 64, 64).Node("Gather", "w i", "a").Node("MatMul", "a w", "y"), "Folded");
    }

    [TestMethod]
    [DataRow(LowBitForm.MatMulNBits, 4, 70, 32, true)]
    [DataRow(LowBitForm.MatMulNBits, 4, 70, 70, true, DisplayName = "one scale a channel")]
    [DataRow(LowBitForm.MatMulNBits, 3, 70, 32, false)]
    [DataRow(LowBitForm.MatMulNBits, 4, 70, 8, false)]
    [DataRow(LowBitForm.MatMulNBits, 4, 70, 24, false)]
    [DataRow(LowBitForm.MatMulNBits, 4, 70, 48, true, DisplayName = "blocks of 16 repeat its scales")]
    [DataRow(LowBitForm.BlockedDequantize, 4, 70, 32, false)]
    [DataRow(LowBitForm.BlockedDequantize, 4, 64, 32, true)]
    [DataRow(LowBitForm.BlockedDequantize, 2, 64, 32, false)]
    [DataRow(LowBitForm.GatherBlockQuantized, 4, 70, 512, true)]
    [DataRow(LowBitForm.GatherBlockQuantized, 4, 71, 16, false, DisplayName = "half a byte at the end of a row")]
    [DataRow(LowBitForm.GatherBlockQuantized, 2, 64, 16, false, DisplayName = "not in the oldest runtime")]
    [DataRow(LowBitForm.Folded, 7, 70, 3, true)]
    public void CanHold_Grid(object form, int bits, int columns, int block, bool can)
    {
        Assert.AreEqual(can, LowBitForms.CanHold((LowBitForm)form, bits, columns, block, isCodebook: false));
        Assert.AreEqual((LowBitForm)form == LowBitForm.Folded, LowBitForms.CanHold((LowBitForm)form, bits, columns, block, isCodebook: true));
    }

    [TestMethod]
    [DataRow(300, 300, 256)]
    [DataRow(300, 64, 64)]
    [DataRow(300, 96, 32)]
    [DataRow(20, 20, 32)]
    [DataRow(9, 9, 16)]
    [DataRow(4096, 1024, 256)]
    public void ProductBlock_IsTheLongestThatHoldsTheGrid(int columns, int block, int expected) =>
        Assert.AreEqual(expected, LowBitForms.ProductBlock(columns, block));

    [TestMethod]
    public void ComputesInLowBits_AllButFolded() => CollectionAssert.AreEqual(
        new[] { LowBitForm.Folded }, Enum.GetValues<LowBitForm>().Where(form => !LowBitForms.ComputesInLowBits(form)).ToArray());

    [TestMethod]
    public void OpsetOfBlocks_WhatHasAnotherFormThere_IsNamed()
    {
        Assert.IsNull(OpsetOfBlocks.WhyNot(Model().Node("ReduceMean", "x", "y").Build()));
        Assert.IsNull(OpsetOfBlocks.WhyNot(new ModelBuilder(22).Input("x", "n").Output("y").Node("GroupNormalization", "x x x", "y").Build()));
        StringAssert.StartsWith(OpsetOfBlocks.WhyNot(Model().Node("GridSample", "x x", "y").Build()), "GridSample 'y' has");
        StringAssert.StartsWith(OpsetOfBlocks.WhyNot(new ModelBuilder(13).Input("x", "n").Output("y").Node("RoiAlign", "x x x", "y").Build()), "RoiAlign 'y' has");
        Assert.AreEqual("the model is of opset 12", OpsetOfBlocks.WhyNot(new ModelBuilder(12).Input("x", "n").Output("y").Node("Relu", "x", "y").Build()));
        Assert.AreEqual(
            "the model defines operators of its own",
            OpsetOfBlocks.WhyNot(Model().Function("own", "F", "a", "b", [], new GraphBuilder().Node("Relu", "a", "b")).Node("Relu", "x", "y").Build()));
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,64").Output("y");

    private static ModelBuilder Table() => new ModelBuilder().Input("i", "n", OnnxElementType.Int64).Output("y");

    private static LowBitForms AssertForms(ModelBuilder builder, string expected, bool hasBlocks = false)
    {
        OnnxGraph graph = builder.Build().Graph;
        var forms = LowBitForms.Of(graph, "w", graph.InitializerOf("w")!.Shape, hasBlocks);
        Assert.AreEqual(expected, string.Join(' ', forms.Possible));
        return forms;
    }
}
