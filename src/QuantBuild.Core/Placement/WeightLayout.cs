using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Where the weights that share a scale lie in the tensor, in the order in which the kernel sums them.</summary>
internal sealed class WeightLayout(OnnxTensor weight, PlannedWeight planned)
{
    /// <summary>In place of a position: a weight of zero that the tensor does not have.</summary>
    public const int NoPosition = -1;

    /// <summary>Channels with a scale of their own; one when the whole tensor has one scale.</summary>
    public int ChannelCount =>
        planned.Axis is null && planned.PairAxis != ReductionOrder.RecurrentRows ? 1 : SumCount;

    /// <summary>Positions in the tensor, one per weight that has the scale of the channel.</summary>
    /// <remarks>With one scale for all, what the kernel sums apart stands behind each other, with <see cref="NoPosition"/> where an odd number of
    /// weights would make a pair of two sums.</remarks>
    public int[] PositionsOf(int channel)
    {
        if (ChannelCount == SumCount)
            return PositionsOfSum(channel);
        return [.. Enumerable.Range(0, SumCount).SelectMany(sum => Padded(PositionsOfSum(sum)))];
    }

    /// <summary>Output channels: each is a sum of its own.</summary>
    public int SumCount { get; } = checked((int)(planned.PairAxis switch
    {
        ReductionOrder.RecurrentRows => weight.Shape[0] * weight.Shape[1],
        ReductionOrder.MatrixRows => weight.Shape[1],
        _ => weight.Rank == 1 ? 1 : weight.Shape[0],
    }));

    /// <summary>Positions in the tensor of what the kernel sums for one output channel, in its order.</summary>
    public int[] PositionsOfSum(int channel)
    {
        int perChannel = (int)(weight.Length / SumCount);
        var positions = new int[perChannel];
        switch (planned.PairAxis)
        {
            case ReductionOrder.ConvolutionChannelsLast:
                int inputChannels = (int)weight.Shape[1];
                int spatial = perChannel / inputChannels;
                for (int position = 0, next = 0; position < spatial; position++)
                    for (int input = 0; input < inputChannels; input++)
                        positions[next++] = (channel * perChannel) + (input * spatial) + position;
                break;
            case ReductionOrder.MatrixRows:
                int columns = (int)weight.Shape[1];
                for (int row = 0; row < perChannel; row++)
                    positions[row] = (row * columns) + channel;
                break;
            default:
                for (int i = 0; i < perChannel; i++)
                    positions[i] = (channel * perChannel) + i;
                break;
        }
        return positions;
    }

    private static IEnumerable<int> Padded(int[] positions) => positions.Length % 2 == 0 ? positions : positions.Append(NoPosition);
}
