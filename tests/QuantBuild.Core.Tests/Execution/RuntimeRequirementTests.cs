using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class RuntimeRequirementTests
{
    private static readonly DiagnosticOrigin origin = new("Models/net.onnx");

    [TestMethod]
    [DataRow(13, 7, null)]
    [DataRow(17, 8, null)]
    [DataRow(18, 8, "1.14")]
    [DataRow(20, 9, "1.17")]
    [DataRow(21, 10, "1.18")]
    [DataRow(22, 10, "1.21")]
    [DataRow(23, 11, "1.23")]
    [DataRow(13, 10, "1.18")]
    public void FirstFor_OpsetAndFormat_IsTheNewestThatEitherNeeds(int opset, long format, string? expected) =>
        Assert.AreEqual(expected, RuntimeRequirement.FirstFor(opset, format)?.ToString());

    [TestMethod]
    public void FirstFor_NewestOpsetThatIsRead_IsInTheTable() =>
        Assert.AreNotEqual(
            RuntimeRequirement.FirstFor(OnnxModel.NewestOpset - 1, 0), RuntimeRequirement.FirstFor(OnnxModel.NewestOpset, 0));

    [TestMethod]
    [DataRow("ONNX Runtime 1.17.3")]
    [DataRow("ONNX Runtime 1.9.0")]
    [DataRow("ONNX Runtime 0.5.0-dev")]
    public void Check_OlderRuntime_QB9006NamesBothVersionsAndTheModel(string runtime)
    {
        QuantBuildException error = Assert.ThrowsExactly<QuantBuildException>(() => RuntimeRequirement.Check(Model(21), runtime, origin));

        Assert.AreEqual("QB9006", error.Diagnostic.Code);
        Assert.AreEqual(origin, error.Diagnostic.Origin);
        StringAssert.Contains(error.Diagnostic.Message, "references " + runtime + ", but 'Models/net.onnx' with opset 21");
        StringAssert.Contains(error.Diagnostic.Message, "needs 1.18 or newer");
    }

    [TestMethod]
    [DataRow("ONNX Runtime 1.18.0")]
    [DataRow("ONNX Runtime 1.29.0")]
    [DataRow("ONNX Runtime 2.0")]
    [DataRow("scripted")]
    public void Check_NewEnoughOrUnknownRuntime_Passes(string runtime) => RuntimeRequirement.Check(Model(21), runtime, origin);

    private static OnnxModel Model(int opset)
    {
        OnnxModel model = OnnxModelReader.Parse(new ModelBuilder().Input("x", "n").Node("Relu", "x", "y").Output("y", "n").ToBytes(), origin);
        model.Opset = opset;
        return model;
    }
}
