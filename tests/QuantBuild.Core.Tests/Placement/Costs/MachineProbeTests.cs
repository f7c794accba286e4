using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class MachineProbeTests
{
    private const double FloatFactor = 2;
    private const double IntegerFactor = 6;

    /// <summary>Some runs are disturbed, as on a busy machine.</summary>
    [TestMethod]
    public void Measure_MachineOfKnownSpeed_GivesItsFactors()
    {
        var clock = new ScriptedClock();

        MachineKernels kernels = new MachineProbe(new TimedEngine(clock), clock).Measure(CancellationToken.None);

        CollectionAssert.AreEquivalent(MachineFamilies.Timed.ToArray(), kernels.Kernels.Keys.ToArray());
        foreach ((string kernel, KernelFactors factors) in kernels.Kernels)
        {
            Assert.AreEqual(FloatFactor, factors.Float, 0.05 * FloatFactor, kernel);
            Assert.AreEqual(IntegerFactor, factors.Integer, 0.05 * IntegerFactor, kernel);
        }
    }

    [TestMethod]
    public void Parse_Texts_AreTheSameFigures()
    {
        var kernels = new MachineKernels(new(StringComparer.Ordinal) { ["Border"] = new KernelFactors(1.25, 0.031), ["Depthwise"] = new KernelFactors(3, 7) });

        Assert.AreEqual(kernels.Text, MachineKernels.Parse(kernels.Texts).Text);
        Assert.AreEqual("1.25 0.031", kernels.Texts["Border"]);
    }

    [TestMethod]
    [DataRow("1.5")]
    [DataRow("1.5 0")]
    [DataRow("1.5 -2")]
    [DataRow("a b")]
    [DataRow("1 2 3")]
    public void Parse_NoTwoNumbers_SaysWhere(string text) => StringAssert.Contains(
        Assert.ThrowsExactly<InvalidDataException>(() => MachineKernels.Parse(new Dictionary<string, string> { ["Border"] = text })).Message, "Border");

    private sealed class ScriptedClock : TimeProvider
    {
        public long Nanoseconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Nanoseconds;
    }

    /// <summary>Runs nothing, and lets pass what the table says of the nodes of a chain.</summary>
    private sealed class TimedEngine(ScriptedClock clock) : IInferenceEngine
    {
        private const long PerRun = 10_000;
        private const long Disturbance = 1_000_000;
        private int runs;

        public EngineIdentity Identity => new("scripted", "", "scripted");

        public IInferenceSession Open(ModelImage model) => new Session(this, new OnnxModel(model.Parse()).Graph);

        public byte[] Optimize(ModelImage model) => model.Message;

        private sealed class Session(TimedEngine engine, OnnxGraph graph) : IInferenceSession
        {
            private readonly int nodes = graph.Nodes.Count(node => node.OpType is "Conv" or "MatMul" or "Neg");
            private readonly bool isInteger = graph.Nodes.Any(node => node.Is("QuantizeLinear"));

            public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
            {
                ProbedKernel kernel = ProbedKernel.All.Single(kernel => kernel.Shape.SequenceEqual(inputs[0].Shape));
                KernelCostPair row = CostTable.Of(TargetProfile.X64Vnni).Of(kernel.Kernel);
                double each = isInteger ? IntegerFactor * row.Integer.Of(kernel.IntegerWork) : FloatFactor * row.Float.Of(kernel.FloatWork);
                engine.Advance((long)(nodes * each));
            }

            public void Dispose()
            {
            }
        }

        private void Advance(long nanoseconds) => clock.Nanoseconds += PerRun + nanoseconds + (++runs % 7 == 0 ? Disturbance : 0);
    }
}
