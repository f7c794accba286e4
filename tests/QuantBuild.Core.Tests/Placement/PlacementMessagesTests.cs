using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class PlacementMessagesTests
{
    private static readonly DiagnosticOrigin Origin = new("a.onnx");

    [TestMethod]
    public void Plan_MisspeltExclusions_SuggestTheNearestNames()
    {
        string[] messages = Plan(new QuantizationSettings
        {
            DisplayPath = "a.onnx",
            ModelPath = "a.onnx",
            Name = "a",
            ClassName = "A",
            Scheme = QuantizationScheme.WeightOnly,
            ExcludedNodes = ["firts", "unrelated"],
            ExcludedOperators = ["relu"],
        });

        CollectionAssert.AreEqual(
            new[]
            {
                "error QB5002: 'a.onnx' has no node 'firts'. Did you mean 'first'? The report lists the names of all nodes.",
                "error QB5002: 'a.onnx' has no node 'unrelated'. The report lists the names of all nodes.",
                "error QB5002: 'a.onnx' has no operator 'relu'. Did you mean 'Relu'? The report lists the names of all nodes.",
            },
            messages);
    }

    [TestMethod]
    public void Plan_NothingThatRunsInIntegers_NamesTheOperatorsOfEveryReason()
    {
        string[] messages = Plan(new QuantizationSettings
        {
            DisplayPath = "a.onnx",
            ModelPath = "a.onnx",
            Name = "a",
            ClassName = "A",
            Scheme = QuantizationScheme.Static,
            ExcludedOperators = ["Relu"],
        });

        CollectionAssert.AreEqual(
            new[]
            {
                "warning QB5001: No node of 'a.onnx' can run in integers: Sin, Cos: the runtime has no integer kernel for this operator; "
                + "Relu: excluded by ExcludedOperators",
            },
            messages);
    }

    private static string[] Plan(QuantizationSettings settings)
    {
        OnnxModel model = new ModelBuilder().Input("x", "1,4").Output("y")
            .Node("Sin", "x", "first").Node("Relu", "first", "second").Node("Cos", "second", "y").Build();
        var problems = new DiagnosticBag();

        PlacementPlanner.Plan(model.Graph, TensorFacts.None, settings, Origin, problems);

        return [.. problems.Diagnostics.Select(problem => problem.ToString())];
    }
}
