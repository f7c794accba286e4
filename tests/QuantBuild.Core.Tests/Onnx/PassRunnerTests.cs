using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class PassRunnerTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Run_PassBreaksTheGraph_QB3001NamesThePass()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Neg", "x", "y").Output("y").Build();

        var exception = Assert.ThrowsExactly<QuantBuildException>(() => PassRunner.Run(model, [new ReadNowhere()], Origin));

        Assert.AreEqual("QB3001", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, nameof(ReadNowhere));
    }

    [TestMethod]
    public void Run_Bodies_BeforeTheGraphAround()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool)
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Neg", "x", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Abs", "x", "e").Output("e")))
            .Output("y").Build();
        var pass = new RecordFirstOperator();

        IReadOnlyList<PassOutcome> outcomes = PassRunner.Run(model, [pass], Origin);

        CollectionAssert.AreEqual(new[] { "Neg", "Abs", "If" }, pass.Seen);
        Assert.AreEqual(3, outcomes[0].Applied);
        Assert.AreEqual(new DeclinedRule("t", "seen"), outcomes[0].Declined[0]);
    }

    private sealed class ReadNowhere : IGraphPass
    {
        public void Run(PassContext context) => context.Editor.SetInput(context.Graph.Nodes[0], 0, "nowhere");
    }

    private sealed class RecordFirstOperator : IGraphPass
    {
        public List<string> Seen { get; } = [];

        public void Run(PassContext context)
        {
            Seen.Add(context.Graph.Nodes[0].OpType);
            context.CountApplied();
            context.Decline(context.Graph.Nodes[0], "seen");
        }
    }
}
