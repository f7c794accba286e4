using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

/// <summary>What the check makes of a graph that a runtime says it will execute.</summary>
[TestClass]
public sealed class FusionCheckTests
{
    [TestMethod]
    public void Check_KernelUnderTheNodesName_IsFused()
    {
        (FusionReport report, DiagnosticBag problems) = Check(Shape().Node("QLinearConv", "x", "y", ("name", "n0_nchwc")));

        Assert.AreEqual(1, report.FusedCount);
        Assert.AreEqual(0, problems.Diagnostics.Count);
    }

    [TestMethod]
    [DataRow("Conv", "n0_")]
    [DataRow("QLinearConv", "n1_")]
    [DataRow("QLinearConv", "n00_")]
    public void Check_OtherOperatorOrName_QB6001(string opType, string name)
    {
        (FusionReport report, DiagnosticBag problems) = Check(Shape().Node(opType, "x", "y", ("name", name)));

        Assert.AreEqual(0, report.FusedCount);
        Assert.AreEqual(1, report.PlannedCount);
        Assert.AreEqual(DiagnosticCatalogue.NotFused, problems.Diagnostics.Single().Descriptor);
        StringAssert.Contains(problems.Diagnostics[0].Message, "QLinearConv");
    }

    [TestMethod]
    [DataRow(true, "QB6002")]
    [DataRow(false, "QB2007")]
    public void Check_RuntimeRefuses_BlamesTheOriginalWhenItIsRefusedToo(bool takesTheOriginal, string code)
    {
        var exception = Assert.ThrowsExactly<QuantBuildException>(() => Check(new RefusingEngine(takesTheOriginal)));

        Assert.AreEqual(code, exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, RefusingEngine.Words);
    }

    private static ModelBuilder Shape() => new ModelBuilder().Input("x", "n,4,8,8").Output("y");

    private static (FusionReport Report, DiagnosticBag Problems) Check(ModelBuilder optimized) => Check(new OptimizingEngine(optimized.ToBytes()));

    private static (FusionReport Report, DiagnosticBag Problems) Check(IInferenceEngine engine)
    {
        RewrittenModel rewritten = RewrittenModel.Of(Shape().Weights("w", 4, 4, 1, 1).Node("Conv", "x w", "y"));
        var problems = new DiagnosticBag();
        return (FusionCheck.Check(rewritten.Model, rewritten.Quantized, rewritten.Plan, engine, new DiagnosticOrigin("model.onnx"), problems), problems);
    }

    private sealed class OptimizingEngine(byte[] optimized) : IInferenceEngine
    {
        public EngineIdentity Identity => new("runtime 1", "", "");

        public IInferenceSession Open(ModelImage model) => throw new InferenceException("This engine only optimizes.");

        public byte[] Optimize(ModelImage model) => optimized;
    }

    private sealed class RefusingEngine(bool takesTheOriginal) : IInferenceEngine
    {
        public const string Words = "an operator is not there";

        public EngineIdentity Identity => new("runtime 1", "", "");

        public IInferenceSession Open(ModelImage model) => takesTheOriginal ? new IdleSession() : throw new InferenceException(Words);

        public byte[] Optimize(ModelImage model) => throw new InferenceException(Words);
    }

    private sealed class IdleSession : IInferenceSession
    {
        public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
        {
        }

        public void Dispose()
        {
        }
    }
}
