using QuantBuild.Calibration;
using QuantBuild.Placement;
using QuantBuild.Precision;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Precision;

[TestClass]
public sealed class PrecisionChooserTests
{
    private readonly Dictionary<string, TensorStatistics> statistics = [];

    [TestMethod]
    public void Choose_TiedValue_HasTheSameObject()
    {
        PrecisionPlan plan = Choose(Seen("a", -1, 3), Seen("b", -1, 2) with { TiedTo = "a" });

        Assert.AreSame(plan.Activations["a"], plan.Activations["b"]);
    }

    [TestMethod]
    public void Choose_JoinedValues_TakeTheParametersOfTheLast()
    {
        PrecisionPlan plan = Choose(
            Seen("a", -1, 1) with { JoinedInto = "b" }, Seen("t", -1, 1) with { TiedTo = "a" }, Seen("b", -1, 2) with { JoinedInto = "c" }, Seen("c", -1, 4));

        foreach (string value in new[] { "a", "t", "b" })
            Assert.AreSame(plan.Activations["c"], plan.Activations[value]);
        Assert.AreEqual(CoarseGrid.Up(5.0 / 255), plan.Activations["c"].Scale);
    }

    [TestMethod]
    public void Choose_JoinedValueThatARangeCutsAtZero_IsNotLetBelow()
    {
        PrecisionPlan plan = Choose(Seen("a", 0, 1) with { JoinedInto = "c" }, Seen("b", 0, 3) with { JoinedInto = "d" }, Seen("c", -1, 2), Seen("d", 0, 5));

        Assert.AreEqual(0, plan.Activations["a"].ZeroPoint);
        Assert.AreSame(plan.Activations["d"], plan.Activations["b"]);
    }

    [TestMethod]
    public void Choose_Bounds_EndTheRange()
    {
        PrecisionPlan plan = Choose(
            Seen("s", -0.001f, 1.001f) with { Bounds = new ReadBounds(0, 1) }, Seen("n", 0.1f, 0.4f) with { Bounds = new ReadBounds(0, 1) });

        Assert.AreEqual(new QuantizationParameters(QuantizedType.UInt8, 1f / 255, 0), plan.Activations["s"]);
        Assert.AreEqual(CoarseGrid.Up(0.4f / 255.0), plan.Activations["n"].Scale);
    }

    [TestMethod]
    public void Choose_MovingAverage_IsThatOfTheBatches()
    {
        PlannedActivation activation = Seen("a", -1, 3);
        statistics["a"] = new TensorStatistics { IsGiven = true };
        statistics["a"].Add([-1, 3], MovingRange.WeightOf(0, 2));
        statistics["a"].Add([-3, 103], MovingRange.WeightOf(1, 2));

        PrecisionPlan plan = Choose(RangeEstimator.MovingAverage, activation);

        Assert.AreEqual((4 + 1.02f) / 255, plan.Activations["a"].Scale, 1e-7f);
    }

    private PlannedActivation Seen(string value, float minimum, float maximum)
    {
        statistics[value] = new TensorStatistics();
        statistics[value].Add([minimum, maximum], MovingRange.WeightOf(0, 1));
        return new PlannedActivation(value, 0, null);
    }

    private PrecisionPlan Choose(params PlannedActivation[] activations) => Choose(RangeEstimator.MinMax, activations);

    private PrecisionPlan Choose(RangeEstimator estimator, params PlannedActivation[] activations) => PrecisionChooser.Choose(
        new PlacementPlan([], activations, [], new HashSet<string>()),
        new CalibrationTable(statistics, 1),
        estimator,
        new ModelBuilder().Build().Graph);
}
