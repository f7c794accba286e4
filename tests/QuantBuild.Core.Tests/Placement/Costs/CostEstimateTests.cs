using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Costs;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class CostEstimateTests
{
    private const int Width = 768;

    private static readonly PlacementPlan Floats = new([], [], [], new HashSet<string>());

    [TestMethod]
    public void Relative_NothingPlanned_IsOne() => Assert.AreEqual(1.0, Estimate(Chain(), 16, Floats));

    [TestMethod]
    [DataRow(1, 4, 0.05, 0.3)]
    [DataRow(128, 4, 0.6, 1.0)]
    [DataRow(128, 1, 0.9, 1.1)]
    public void Relative_PackedProducts_TakeWhatTheTableSays(int rows, int level, double low, double high)
    {
        OnnxGraph graph = Chain();
        var packed = graph.Nodes.ToDictionary(node => node, _ => new PackedProduct(4, 32, level));

        double all = Estimate(graph, rows, Floats, packed);
        double half = Estimate(graph, rows, Floats, packed.Take(1).ToDictionary());

        Assert.IsTrue(all > low && all < high, $"{all}");
        Assert.AreEqual((1 + all) / 2, half, 0.001);
    }

    [TestMethod]
    public void Relative_DynamicProducts_AreFasterWithManyRows()
    {
        OnnxGraph graph = Chain();

        double many = Estimate(graph, 128, Dynamic(graph));

        Assert.IsTrue(many is > 0.2 and < 0.7, $"{many}");
    }

    /// <summary>Its codes are made once.</summary>
    [TestMethod]
    public void Relative_DynamicProductsThatReadOneValue_TakeLess()
    {
        OnnxGraph shared = Chain(shares: true);
        OnnxGraph chain = Chain();

        Assert.IsLessThan(Estimate(chain, 16, Dynamic(chain)), Estimate(shared, 16, Dynamic(shared)));
    }

    private static PlacementPlan Dynamic(OnnxGraph graph) => Floats with
    {
        DynamicNodes =
        [
            .. graph.Nodes.Select(node => new DynamicNode(
                graph, node, [], [new PlannedWeight(node.Inputs[1], 1, 1, ReductionOrder.MatrixRows)])),
        ],
    };

    private static OnnxGraph Chain(bool shares = false) => new ModelBuilder().Input("x", $"n,{Width}").Output("a").Output("b")
        .Weights("v", Width, Width).Weights("w", Width, Width)
        .Node("MatMul", "x v", "a").Node("MatMul", shares ? "x w" : "a w", "b").Build().Graph;

    private static double Estimate(
        OnnxGraph graph, int rows, PlacementPlan plan, IReadOnlyDictionary<OnnxNode, PackedProduct>? packed = null)
    {
        var shapes = new[] { "x", "a", "b" }.ToDictionary(name => name, _ => new TensorFact(OnnxElementType.Float, [rows, Width]));
        return CostEstimate.Relative(
            graph, plan, packed ?? new Dictionary<OnnxNode, PackedProduct>(), new TensorFacts(graph, shapes), CostTable.Of(TargetProfile.X64Vnni));
    }
}
