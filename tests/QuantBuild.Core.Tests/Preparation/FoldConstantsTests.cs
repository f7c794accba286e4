using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class FoldConstantsTests
{
    [TestMethod]
    public void Run_OpenDimension_Stays() =>
        new FoldConstants().AssertIgnores(Model("n,4").Int64s("first", 0).Node("Shape", "x", "s").Node("Gather", "s first", "g")
            .Node("Neg", "g", "y"));

    [TestMethod]
    public void Run_FixedDimensionOfOpenShape_Folds()
    {
        (OnnxModel model, _) = new FoldConstants().Run(
            Model("n,4").Int64s("last", -1).Node("Shape", "x", "s").Node("Gather", "s last", "g").Node("Expand", "x g", "y"));

        CollectionAssert.AreEqual(new[] { 4L }, model.Graph.InitializerOf("g")!.ToInt64Array());
        CollectionAssert.AreEqual(new[] { "Shape", "Expand" }, model.Operators());
    }

    [TestMethod]
    public void Run_OutputOfTheGraph_StaysANode() => new FoldConstants().AssertIgnores(Model("3,4").Node("Shape", "x", "y"));

    [TestMethod]
    public void Run_DivisionByZero_IsLeftToTheRuntime() =>
        new FoldConstants().AssertIgnores(Model("3").Int64s("a", 1).Int64s("b", 0).Node("Div", "a b", "d").Node("Neg", "d", "y"));

    [TestMethod]
    public void Run_OverflowOfInt32_IsLeftToTheRuntime()
    {
        OnnxTensor big = OnnxTensor.Create(OnnxElementType.Int32, [1], [int.MaxValue]);

        new FoldConstants().AssertIgnores(Model("3").Initializer("a", big).Node("Add", "a a", "d").Node("Identity", "d", "y"));
    }

    [TestMethod]
    [DataRow(long.MinValue, long.MaxValue, 1L)]
    [DataRow(0L, 1025L, 1L)]
    [DataRow(0L, 10L, 0L)]
    public void Run_RangeTooLongOrEndless_Stays(long start, long limit, long delta) =>
        new FoldConstants().AssertIgnores(Range(start, limit, delta));

    [TestMethod]
    public void Run_RangeToTheLargestInteger_Folds()
    {
        (OnnxModel model, _) = new FoldConstants().Run(Range(long.MaxValue - 3, long.MaxValue, 2));

        CollectionAssert.AreEqual(new[] { long.MaxValue - 3, long.MaxValue - 1 }, model.Graph.InitializerOf("r")!.ToInt64Array());
    }

    [TestMethod]
    public void Run_SmallestIntegerByMinusOne_Wraps()
    {
        (OnnxModel model, _) = new FoldConstants()
            .Run(Model("3").Int64s("a", long.MinValue).Int64s("b", -1).Node("Div", "a b", "d").Node("Identity", "d", "y"));

        Assert.AreEqual(long.MinValue, model.Graph.InitializerOf("d")!.ToInt64Array()[0]);
    }

    [TestMethod]
    public void Run_LargeConstant_Stays()
    {
        long[] values = SeededValues.Integers("table", 0, 9, 1025);

        new FoldConstants().AssertIgnores(Model("3").Int64s("table", values).Node("Neg", "table", "n").Node("Identity", "n", "y"));
    }

    [TestMethod]
    public void Run_HugeConstantOfShape_Stays() =>
        new FoldConstants().AssertIgnores(
            Model("3").Int64s("shape", 1024, 1024, 1024).Node("ConstantOfShape", "shape", "c", ("value", OnnxTensor.Int64s(1)))
                .Node("Identity", "c", "y"));

    [TestMethod]
    public void Run_ExportedExpandOfPyTorch_KnowsThatADimensionIsNotMinusOne()
    {
        // where(shape == -1, 1, shape): the part of torch.expand that depends on the batch only in name.
        (OnnxModel model, _) = new FoldConstants().Run(Model("n,4").Int64s("one", 1, 1).Int64s("minus", -1, -1).Int64s("last", 1)
            .Node("Shape", "x", "s").Node("Equal", "s minus", "e").Node("Where", "e one s", "w").Node("Gather", "w last", "g")
                .Node("Expand", "x g", "y"));

        CollectionAssert.AreEqual(new byte[] { 0, 0 }, model.Graph.InitializerOf("e")!.Bytes.ToArray());
        CollectionAssert.AreEqual(new[] { 4L }, model.Graph.InitializerOf("g")!.ToInt64Array());
    }

    [TestMethod]
    public void Run_DeclaredShapeInALoop_IsNotTrusted()
    {
        // The carried value grows; the body declares the shape of the first iteration, as traced exporters do.
        GraphBuilder body = new GraphBuilder().Input("i", "", OnnxElementType.Int64).Input("c", "", OnnxElementType.Bool).Input("v", "2")
            .Node("Identity", "c", "c2").Node("Shape", "v", "s").Node("Cast", "s", "f", ("to", (int)OnnxElementType.Float))
            .Node("Concat", "v f", "v2", ("axis", 0)).Output("c2", "", OnnxElementType.Bool).Output("v2", "2");
        ModelBuilder model = new ModelBuilder().Input("x", "2").Initializer("trips", Scalar(3))
            .Initializer("go", OnnxTensor.Create<byte>(OnnxElementType.Bool, [], [1])).Node("Loop", "trips go x", "l", ("body", body))
            .Declare("l", "2").Node("Shape", "l", "size").Node("Identity", "size", "y").Output("y", null, OnnxElementType.Int64);

        new FoldConstants().AssertIgnores(model);
    }

    private static ModelBuilder Model(string shape) => new ModelBuilder().Input("x", shape).Output("y");

    private static ModelBuilder Range(long start, long limit, long delta) =>
        Model("3").Initializer("a", Scalar(start)).Initializer("b", Scalar(limit))
        .Initializer("c", Scalar(delta)).Node("Range", "a b c", "r").Node("Identity", "r", "y");

    private static OnnxTensor Scalar(long value) => OnnxTensor.Create(OnnxElementType.Int64, [], [value]);
}
