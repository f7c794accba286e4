using QuantBuild.Calibration;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Calibration;

[TestClass]
public sealed class RowSamplerTests
{
    private const int Samples = 8;

    private const int Length = 16;

    private const int Columns = 2;

    private static readonly long[] Shape = [Samples, Length, Columns];

    /// <summary>The first half of every sample.</summary>
    private static readonly LivePositions FirstHalves = LivePositions.Of(SeededValues.Int64Input(
        "kept", [Samples, Length], [.. Enumerable.Range(0, Samples * Length).Select(i => i % Length < Length / 2 ? 1L : 0)]));

    [TestMethod]
    public void Add_LivePositions_RowsOfThemSpreadEvenly()
    {
        InputRows rows = Sample(Window(Columns), 16, Shape, FirstHalves);

        Assert.AreEqual(16, rows.Count);
        int[] positions = [.. Enumerable.Range(0, rows.Count).Select(row => (int)rows.Row(row, 0)[0] / Columns)];
        Assert.IsTrue(positions.All(position => position % Length < Length / 2), string.Join(' ', positions));
        foreach (IGrouping<int, int> sample in positions.GroupBy(position => position / Length))
            Assert.AreEqual(2, sample.Count(), $"sample {sample.Key}");
    }

    [TestMethod]
    public void Add_FewerLiveRowsThanWanted_EachOnce()
    {
        InputRows rows = Sample(Window(Columns), 1000, Shape, FirstHalves);

        int[] positions = [.. Enumerable.Range(0, rows.Count).Select(row => (int)rows.Row(row, 0)[0] / Columns)];
        CollectionAssert.AreEqual(Enumerable.Range(0, FirstHalves.Count).Select(i => FirstHalves[i]).ToArray(), positions);
    }

    [TestMethod]
    public void Add_SeveralRowsInAPosition_AllOfThemAreLive()
    {
        InputRows rows = Sample(Window(Columns), 1000, [Samples, Length, 3, Columns], FirstHalves);

        Assert.AreEqual(3 * FirstHalves.Count, rows.Count);
        Assert.IsTrue(Enumerable.Range(0, rows.Count).All(row => (int)rows.Row(row, 0)[0] / (3 * Columns) % Length < Length / 2));
    }

    [TestMethod]
    public void Add_RowsOverSeveralPositions_AllCount()
    {
        InputRows rows = Sample(Window(Length), 1000, [Samples, Length], FirstHalves);

        Assert.AreEqual(Samples, rows.Count);
    }

    [TestMethod]
    public void Add_AllLive_AsWithoutAMask()
    {
        InputRows expected = Sample(Window(Columns), 20, Shape, null);
        LivePositions all = LivePositions.Of(SeededValues.Int64Input("kept", [Samples, Length], [.. Enumerable.Repeat(1L, Samples * Length)]));

        InputRows actual = Sample(Window(Columns), 20, Shape, all);

        CollectionAssert.AreEqual(expected.Values, actual.Values);
    }

    /// <summary>Every value is its own index.</summary>
    private static InputRows Sample(InputWindow window, int most, long[] shape, LivePositions? live)
    {
        var sampler = new RowSampler(window, batches: 1, most);
        sampler.Add(0, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, length) => product * length)).Select(i => (float)i)], shape, live);
        return sampler.ToRows();
    }

    private static InputWindow Window(int columns)
    {
        OnnxModel model = new ModelBuilder().Input("x", "n,l,c").Weights("w", columns, 3).Node("MatMul", "x w", "y").Output("y").Build();
        OnnxNode product = model.Graph.Nodes.Single();
        return InputWindow.Of(
            new PlannedNode(product, [], [0], new PlannedWeight("w", 1, 1, ReductionOrder.MatrixRows), null, [], "y", true), model.Graph)!;
    }
}
