using QuantBuild.Onnx;

namespace QuantBuild.Equalization;

/// <summary>A constant that one node reads, with the channel of each of its elements.</summary>
/// <param name="InputIndex">Position among the node's inputs.</param>
/// <param name="Length">Elements.</param>
/// <param name="ChannelOf">By index of the element.</param>
internal sealed record ConstantSlot(OnnxNode Node, int InputIndex, int Length, Func<int, int> ChannelOf)
{
    /// <summary>One value for every channel.</summary>
    public static ConstantSlot Vector(OnnxNode node, int inputIndex, int channels) => new(node, inputIndex, channels, index => index);
}
