using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement;

[TestClass]
public sealed class VanishingSideTests
{
    [TestMethod]
    [DataRow(-1000f, 3f, "above zero 1 of 256 codes")]
    [DataRow(-30f, 3.5f, "above zero 27 of 256 codes")]
    [DataRow(-2f, 60f, "below zero 9 of 256 codes")]
    public void WhyNot_FewCodesForOneSign_SaysHowMany(float minimum, float maximum, string which) => Assert.AreEqual(
        $"it gives the model's output values of both signs, and one scale would leave those {which}",
        WhyNot("Transpose:a:b, Sigmoid:b:y", minimum, maximum));

    [TestMethod]
    [DataRow("Transpose:a:y", -10f, 3f, DisplayName = "enough codes for both")]
    [DataRow("Transpose:a:y", -10f, 0f, DisplayName = "one side")]
    [DataRow("Softmax:a:y", -1000f, 3f, DisplayName = "scores that are compared with each other")]
    [DataRow("Relu:a:b, MatMul:b w:y", -1000f, 3f, DisplayName = "features")]
    public void WhyNot_OtherValues_Null(string behind, float minimum, float maximum) => Assert.IsNull(WhyNot(behind, minimum, maximum));

    private static string? WhyNot(string behind, float minimum, float maximum)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "1,4,4,4").Output("y").Weights("k", 4, 4, 1, 1).Weights("w", 4, 4).Node("Conv", "x k", "a");
        foreach (string[] node in behind.Split(", ").Select(node => node.Split(':')))
            model.Node(node[0], node[1], node[2]);
        OnnxGraph graph = model.Build().Graph;
        PlacementPlan plan = PlacementPlanner.Plan(graph, PlacementTesting.Facts(graph), NodeExclusion.None);
        var seen = new StreamingHistogram();
        seen.Add([minimum, maximum]);
        return VanishingSide.WhyNot(
            plan.Nodes.Single(node => node.Node.Is("Conv")) with { Output = "a" }, graph, new Dictionary<string, StreamingHistogram> { ["a"] = seen });
    }
}
