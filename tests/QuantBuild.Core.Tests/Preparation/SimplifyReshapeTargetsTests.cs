using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class SimplifyReshapeTargetsTests
{
    [TestMethod]
    public void Run_BatchAtTheSamePlace_IsCopied() =>
        Assert.AreEqual("0,6", Target(Model("n,2,3").Node("Concat", "d0 six", "t", ("axis", 0))));

    [TestMethod]
    public void Run_BatchAtAnotherPlace_IsTheRest() =>
        Assert.AreEqual("6,-1", Target(Model("n,2,3").Node("Concat", "six d0", "t", ("axis", 0))));

    [TestMethod]
    public void Run_TwoOpenDimensionsAtOtherPlaces_Stays() =>
        new SimplifyReshapeTargets()
            .AssertIgnores(Model("n,l,6").Node("Concat", "d1 d0 six", "t", ("axis", 0)).Node("Reshape", "x t", "y"));

    [TestMethod]
    public void Run_RestAndOpenDimensionElsewhere_Stays() =>
        new SimplifyReshapeTargets().AssertIgnores(Model("n,l,6").Node("Concat", "d1 rest", "t", ("axis", 0)).Node("Reshape", "x t", "y"));

    [TestMethod]
    public void Run_AllowZero_Stays() =>
        new SimplifyReshapeTargets()
            .AssertIgnores(Model("n,2,3").Node("Concat", "d0 six", "t", ("axis", 0)).Node("Reshape", "x t", "y", ("allowzero", 1)));

    [TestMethod]
    public void Run_TargetFromAnInput_Stays() =>
        new SimplifyReshapeTargets().AssertIgnores(Model("n,2,3").Input("t", "2", OnnxElementType.Int64).Node("Reshape", "x t", "y"));

    private static string Target(ModelBuilder model)
    {
        (OnnxModel simplified, _) = new SimplifyReshapeTargets().Run(model.Node("Reshape", "x t", "y"));
        return string.Join(",", simplified.Graph.InitializerOf(simplified.Graph.ProducerOf("y")!.Inputs[1])!.ToInt64Array());
    }

    private static ModelBuilder Model(string shape) =>
        new ModelBuilder().Input("x", shape).Int64s("zero", 0).Int64s("one", 1).Int64s("six", 6).Int64s("rest", -1)
        .Node("Shape", "x", "s").Node("Gather", "s zero", "d0").Node("Gather", "s one", "d1").Output("y");
}
