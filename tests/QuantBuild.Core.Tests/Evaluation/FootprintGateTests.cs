using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Evaluation;

[TestClass]
public sealed class FootprintGateTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Judge_OneByteTooMany_QB7010()
    {
        var gate = new FootprintGate(Settings(bytes: 1000), bytes: 1001, cost: 1);

        Diagnostic problem = gate.Judge(Origin).Single();

        Assert.IsFalse(gate.Passes);
        Assert.AreEqual(DiagnosticCatalogue.ModelTooLarge, problem.Descriptor);
        Assert.AreEqual(new DiagnosticOrigin("model.onnx", "MaxModelSize"), problem.Origin);
        Assert.StartsWith("The quantized form of 'model.onnx' has 1001 bytes; MaxModelSize allows 1000.", problem.Message);
    }

    [TestMethod]
    public void Judge_TooSlow_QB7011()
    {
        var gate = new FootprintGate(Settings(cost: 0.8), bytes: 1000, cost: 1.1234);

        Diagnostic problem = gate.Judge(Origin).Single();

        Assert.IsFalse(gate.Passes);
        Assert.AreEqual(DiagnosticCatalogue.ModelTooSlow, problem.Descriptor);
        Assert.AreEqual(new DiagnosticOrigin("model.onnx", "MaxSlowdown"), problem.Origin);
        Assert.StartsWith(
            "A run of the quantized form of 'model.onnx' is estimated to take 1.123 of the float model's time; MaxSlowdown allows 0.8.", problem.Message);
    }

    [TestMethod]
    public void Judge_BothLimitsMissed_BothCodes() => CollectionAssert.AreEqual(
        new[] { "QB7010", "QB7011" },
        new FootprintGate(Settings(bytes: 10, cost: 0.5), 11, 0.6).Judge(Origin).Select(problem => problem.Code).ToArray());

    /// <summary>0.1 + 0.7 is a little less than 0.8 in binary, and 0.1 + 0.2 a little more than 0.3.</summary>
    [TestMethod]
    public void Judge_ExactlyAtTheLimits_Passes()
    {
        var gate = new FootprintGate(Settings(bytes: 1000, cost: 0.3), 1000, 0.1 + 0.2);

        Assert.IsTrue(gate.Passes);
        Assert.IsEmpty(gate.Judge(Origin));
    }

    [TestMethod]
    public void Judge_NoLimits_Passes()
    {
        var gate = new FootprintGate(Settings(), long.MaxValue, double.PositiveInfinity);

        Assert.IsTrue(gate.Passes);
        Assert.IsEmpty(gate.Judge(Origin));
    }

    [TestMethod]
    public void Judge_GateWarning_SaysTheSameAsAWarningAndPasses()
    {
        var gate = new FootprintGate(Settings(bytes: 10, cost: 0.5) with { Gate = GateMode.Warning }, 11, 0.6);

        Assert.IsTrue(gate.Passes);
        Assert.IsTrue(gate.Judge(Origin).All(problem => problem.Severity == DiagnosticSeverity.Warning));
        Assert.HasCount(2, gate.Judge(Origin));
    }

    [TestMethod]
    public void Judge_GateOff_SaysNothingAndPasses()
    {
        var gate = new FootprintGate(Settings(bytes: 10, cost: 0.5) with { Gate = GateMode.Off }, 11, 0.6);

        Assert.IsTrue(gate.Passes);
        Assert.IsEmpty(gate.Judge(Origin));
    }

    private static QuantizationSettings Settings(long? bytes = null, double? cost = null) => new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", MaxModelSize = bytes, MaxSlowdown = cost,
    };
}
