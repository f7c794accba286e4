using QuantBuild.Calibration;
using QuantBuild.Equalization;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Equalization;

[TestClass]
public sealed class EqualizingFactorsTests
{
    private const int Rows = 512;

    private static readonly float[] Sizes = [1, 1, 20, 0.5f];

    [TestMethod]
    public void Choose_ExtremeChannel_IsNearTheBestOfAllFactorsForIt()
    {
        WeightedReader reader = Product(4, 6);
        ChannelStatistics channels = Statistics(reader, Sizes);
        var error = new ExpectedError(channels, [reader]);

        ChannelAdjustment chosen = EqualizingFactors.Choose(channels, [reader], float.PositiveInfinity, null, ShiftKind.None, 1)!;

        double best = double.PositiveInfinity;
        for (double third = 1; third <= 32; third *= 1.1)
            for (double fourth = 0.1; fourth <= 3; fourth *= 1.1)
                best = Math.Min(best, error.Of([1, 1, (float)third, (float)fourth], new float[4]));
        Assert.IsLessThan(1.1 * best, error.Of(chosen.Factors, chosen.Shifts));
        Assert.IsGreaterThan(2 * best, error.Of([1, 1, 1, 1], new float[4]));
    }

    [TestMethod]
    public void Choose_EvenChannels_Nothing()
    {
        WeightedReader reader = Product(4, 6);
        ChannelStatistics channels = Statistics(reader, [1, 1, 1, 1]);

        Assert.IsNull(EqualizingFactors.Choose(channels, [reader], float.PositiveInfinity, null, ShiftKind.None, 0.9));
    }

    [TestMethod]
    public void Choose_BelowACeiling_ChannelsGrowAndStayBelowIt()
    {
        WeightedReader reader = Depthwise(4);
        ChannelStatistics channels = Statistics(reader, [6, 1, 3, 5]);

        float[] factors = EqualizingFactors.Choose(channels, [reader], 6, null, ShiftKind.None, 0.99)!.Factors;

        Assert.AreEqual(1, factors[0]);
        Assert.AreEqual(1, factors[3], "with the margin it reaches the ceiling");
        Assert.IsLessThan(1, factors[1]);
        for (int c = 1; c < 3; c++)
            Assert.IsLessThanOrEqualTo(6.0, channels.High[c] * (1 + EqualizingFactors.Margin) / factors[c]);
    }

    [TestMethod]
    public void Choose_ChannelsFarFromZero_AreShiftedToTheMiddle()
    {
        WeightedReader reader = Product(4, 6);
        ChannelStatistics channels = Statistics(reader, [1, 1, 1, 1], offset: 30);

        ChannelAdjustment chosen = EqualizingFactors.Choose(channels, [reader], float.PositiveInfinity, null, ShiftKind.ToMiddle, 0.9)!;

        foreach (float shift in chosen.Shifts)
            Assert.AreEqual(30, shift, 1);
    }

    [TestMethod]
    public void Choose_ShiftsBelowTheMinimum_LeaveTheMargin()
    {
        WeightedReader reader = Product(4, 6);
        ChannelStatistics channels = Statistics(reader, [1, 1, 1, 1], offset: 30);

        ChannelAdjustment chosen = EqualizingFactors.Choose(channels, [reader], float.PositiveInfinity, null, ShiftKind.BelowMinimum, 0.9)!;

        for (int c = 0; c < 4; c++)
        {
            Assert.IsLessThanOrEqualTo(channels.Low[c] * (1 - EqualizingFactors.Margin), chosen.Shifts[c]);
            Assert.IsGreaterThan(0, chosen.Shifts[c]);
        }
    }

    private static WeightedReader Product(int inputs, int outputs) => Read(new ModelBuilder().Input("x", $"n,{inputs}")
            .Weights("w", inputs, outputs)
        .Weights("b", outputs).Node("Gemm", "x w b", "y").Output("y"), hasBias: true);

    private static WeightedReader Depthwise(int channels) => Read(new ModelBuilder().Input("x", $"n,{channels},3,3")
            .Weights("w", channels, 1, 1, 1)
        .Node("Conv", "x w", "y", ("group", channels)).Output("y"), hasBias: false);

    private static WeightedReader Read(ModelBuilder builder, bool hasBias)
    {
        OnnxGraph graph = builder.Build().Graph;
        LinearWeights weights = LinearWeights.Of(graph, graph.Nodes[0])!;
        return new WeightedReader(weights, hasBias ? ConstantSlot.Vector(graph.Nodes[0], 2, weights.Outputs) : null, 1);
    }

    /// <summary>Channels from offset − size to offset + size; without an offset from 0 to size.</summary>
    private static ChannelStatistics Statistics(WeightedReader reader, float[] sizes, float offset = 0)
    {
        float[] values = SeededValues.Floats("rows", offset == 0 ? 0 : -1, 1, Rows * sizes.Length);
        for (int i = 0; i < values.Length; i++)
            values[i] = (i < sizes.Length ? 1 : values[i]) * sizes[i % sizes.Length] + offset;
        int groups = reader.Weights.Inputs / reader.Weights.InputsPerGroup;
        return ChannelStatistics.Of(new InputRows(groups, sizes.Length / groups, new RowPosition[Rows], values), reader);
    }
}
