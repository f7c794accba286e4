using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Core.Tests.Placement;

/// <summary>Every order against the loops of the kernel, over tensors whose elements are their own positions.</summary>
[TestClass]
public sealed class WeightLayoutTests
{
    [TestMethod]
    public void PositionsOf_Conv2D_InputChannelsInnermost()
    {
        const int Outputs = 3, Inputs = 5, Height = 2, Width = 4;
        var planned = new PlannedWeight("w", 1, 0, ReductionOrder.ConvolutionChannelsLast);
        for (int output = 0; output < Outputs; output++)
        {
            var expected = new List<int>();
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                    for (int input = 0; input < Inputs; input++)
                        expected.Add((((((output * Inputs) + input) * Height) + y) * Width) + x);
            AssertPositions(expected, [Outputs, Inputs, Height, Width], planned, output);
        }
    }

    [TestMethod]
    [DataRow(new long[] { 2, 3, 5 })]
    [DataRow(new long[] { 2, 3, 2, 2, 3 })]
    public void PositionsOf_ConvOfOtherRanks_InputChannelsInnermost(long[] shape)
    {
        int spatial = (int)shape.Skip(2).Aggregate(1L, (product, dimension) => product * dimension);
        int inputs = (int)shape[1];
        var expected = new List<int>();
        for (int position = 0; position < spatial; position++)
            for (int input = 0; input < inputs; input++)
                expected.Add((((1 * inputs) + input) * spatial) + position);

        AssertPositions(expected, shape, new PlannedWeight("w", 1, 0, ReductionOrder.ConvolutionChannelsLast), channel: 1);
    }

    [TestMethod]
    public void PositionsOf_MatrixRows_DownAColumn() =>
        AssertPositions([2, 6, 10], [3, 4], new PlannedWeight("w", 1, 1, ReductionOrder.MatrixRows), channel: 2);

    [TestMethod]
    public void PositionsOf_MatrixColumns_AlongARow() =>
        AssertPositions([8, 9, 10, 11], [3, 4], new PlannedWeight("w", 1, 0, ReductionOrder.MatrixColumns), channel: 2);

    [TestMethod]
    public void PositionsOf_Single_InTheOrderOfTheFile() =>
        AssertPositions([4, 5, 6, 7], [3, 1, 2, 2], new PlannedWeight("w", 1, 0, ReductionOrder.Single), channel: 1);

    [TestMethod]
    public void PositionsOf_OneScale_SumAfterSum() =>
        AssertPositions([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11], [4, 3], new PlannedWeight("w", 1, null, ReductionOrder.MatrixRows), channel: 0);

    [TestMethod]
    public void PositionsOf_OneScaleAndSumsOfAnOddNumber_NoPairOfTwoSums() => CollectionAssert.AreEqual(
        new[] { 0, 3, 6, WeightLayout.NoPosition, 1, 4, 7, WeightLayout.NoPosition, 2, 5, 8, WeightLayout.NoPosition },
        new WeightLayout(OnnxTensor.Float([3, 3], new float[9]), new PlannedWeight("w", 1, null, ReductionOrder.MatrixRows)).PositionsOf(0));

    [TestMethod]
    public void PositionsOf_Vector_IsOneSum() =>
        AssertPositions([0, 1, 2], [3], new PlannedWeight("w", 1, null, ReductionOrder.MatrixColumns), channel: 0);

    private static void AssertPositions(IReadOnlyList<int> expected, long[] shape, PlannedWeight planned, int channel)
    {
        OnnxTensor weight = OnnxTensor.Float(shape, new float[shape.Aggregate(1L, (product, dimension) => product * dimension)]);

        CollectionAssert.AreEqual(expected.ToArray(), new WeightLayout(weight, planned).PositionsOf(channel));
        int[] all = [.. Enumerable.Range(0, new WeightLayout(weight, planned).ChannelCount)
            .SelectMany(c => new WeightLayout(weight, planned).PositionsOf(c))];
        CollectionAssert.AreEquivalent(Enumerable.Range(0, (int)weight.Length).ToArray(), all, "Every element belongs to one channel.");
    }
}
