using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Reconstruction;

/// <summary>Where the weights of one output channel lie in the tensor, in the order in which the kernel sums them.</summary>
internal static class WeightLayout
{
    public static int ChannelCount(OnnxTensor weight, PlannedWeight planned) =>
        planned.PairAxis == ReductionOrder.RecurrentRows ? checked((int)(weight.Shape[0] * weight.Shape[1]))
        : planned.Axis is { } axis ? (int)weight.Shape[axis] : 1;

    /// <summary>Positions in the tensor, one per weight of the channel.</summary>
    public static int[] PositionsOf(OnnxTensor weight, PlannedWeight planned, int channel)
    {
        int perChannel = (int)(weight.Length / ChannelCount(weight, planned));
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
}
