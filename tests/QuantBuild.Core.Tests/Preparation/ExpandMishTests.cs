using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

[TestClass]
public sealed class ExpandMishTests
{
    [TestMethod]
    [DataRow("x t")]
    [DataRow("t x")]
    public void Run_Decomposed_Expanded(string factors) =>
        AssertExpands(Model().Node("Softplus", "x", "s").Node("Tanh", "s", "t").Node("Mul", factors, "y"));

    [TestMethod]
    public void Run_Operator_Expanded() => AssertExpands(Model().Node("Mish", "x", "y"));

    [TestMethod]
    public void Run_BehindItOneThatNobodyReads_Removed() => AssertExpands(Model().Node("Mish", "x", "y").Node("Mish", "y", "unread"));

    [TestMethod]
    public void Run_ProductOfAnotherValue_Ignored() =>
        new ExpandMish().AssertIgnores(Model().Input("z", "n,3").Node("Softplus", "x", "s").Node("Tanh", "s", "t").Node("Mul", "z t", "y"));

    [TestMethod]
    public void Run_Float16_Declines() =>
        new ExpandMish().AssertDeclines(
            new ModelBuilder(18).Input("x", "n,3", OnnxElementType.Float16).Output("y", null, OnnxElementType.Float16)
                .Node("Mish", "x", "y"),
            "not known to be float32");

    private static void AssertExpands(ModelBuilder builder)
    {
        (OnnxModel model, _) = new ExpandMish().Run(builder);

        CollectionAssert.AreEqual(new[] { "Clip", "Exp", "Add", "Mul", "Add", "Div", "Mul" }, model.Operators());
    }

    private static ModelBuilder Model() => new ModelBuilder(18).Input("x", "n,3").Output("y");
}
