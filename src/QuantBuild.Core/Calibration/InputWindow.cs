using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Calibration;

/// <summary>What a Conv, Gemm or MatMul multiplies with the weights of one output channel, for each of its output positions: one row.</summary>
/// <remarks>
/// <code>
/// MatMul, Gemm   [… , K]              row r = the vector r along the last axis, one group of K columns
/// Conv           [N, C, spatial …]    row r = the patch under the kernel at output position r, C/group · kernel columns for each of the groups
/// </code>
/// The columns of a group are in the order in which the kernel sums them, which is the order of <see cref="ReductionOrder"/>.
/// </remarks>
internal sealed class InputWindow
{
    private readonly Convolution? convolution;

    private InputWindow(int groups, int columns, Convolution? convolution)
    {
        Groups = groups;
        Columns = columns;
        this.convolution = convolution;
    }

    public int Groups { get; }

    /// <summary>Weights of one output channel.</summary>
    public int Columns { get; }

    /// <summary>Floats of one row.</summary>
    public int RowLength => Groups * Columns;

    /// <returns>Null for a node without weights, or one whose rows do not follow from its input alone.</returns>
    public static InputWindow? Of(PlannedNode planned, OnnxGraph graph)
    {
        if (planned.Weight is not { } read || graph.ConstantAnywhere(read.Initializer) is not { } weight || read.PairAxis == ReductionOrder.RecurrentRows)
            return null;
        OnnxNode node = planned.Node;
        if (node.Is("Conv"))
            return new InputWindow(
                (int)node.GetInt("group", 1),
                checked((int)(weight.Length / weight.Shape[0])),
                Convolution.Of(node, weight, channelsInnermost: read.PairAxis == ReductionOrder.ConvolutionChannelsLast));
        long columns = weight.Rank == 1 ? weight.Length : weight.Shape[read.PairAxis == ReductionOrder.MatrixRows ? 0 : 1];
        return new InputWindow(1, checked((int)columns), null);
    }

    /// <summary>Two nodes that read the same value in the same way share their rows.</summary>
    public string Key => convolution?.ToString() ?? $"{Columns}";

    /// <param name="shape">Of the value that the node reads.</param>
    public long RowCount(ReadOnlySpan<long> shape)
    {
        if (convolution is { } window)
            return shape[0] * window.OutputPositions(shape[2..]);
        return LengthOf(shape) / Columns;
    }

    /// <summary>Rows in each of the positions of [N, L, …]; 0 when a row reaches over several.</summary>
    public long RowsInPosition(ReadOnlySpan<long> shape) =>
        convolution is null && LengthOf(shape[2..]) % Columns == 0 ? LengthOf(shape[2..]) / Columns : 0;

    /// <param name="row">0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="destination">[<see cref="Groups"/>, <see cref="Columns"/>]</param>
    public void Read(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, long row, Span<float> destination)
    {
        if (convolution is { } window)
            window.Read(values, shape, row, Groups, destination);
        else
            values.Slice(checked((int)(row * Columns)), Columns).CopyTo(destination);
    }

    private static long LengthOf(ReadOnlySpan<long> shape)
    {
        long length = 1;
        foreach (long dimension in shape)
            length *= dimension;
        return length;
    }

    private sealed record Convolution(long[] Kernel, long[] Strides, long[] Dilations, long[]? Pads, string AutoPad, bool ChannelsInnermost)
    {
        public static Convolution Of(OnnxNode node, OnnxTensor weight, bool channelsInnermost)
        {
            long[] kernel = [.. weight.Shape.Skip(2)];
            long[] ones = [.. kernel.Select(_ => 1L)];
            string autoPad = node.GetString("auto_pad", "NOTSET");
            return new Convolution(
                kernel,
                [.. node.GetInts("strides") ?? ones],
                [.. node.GetInts("dilations") ?? ones],
                autoPad == "NOTSET" ? [.. node.GetInts("pads") ?? new long[2 * kernel.Length]] : null,
                autoPad,
                channelsInnermost);
        }

        public long OutputPositions(ReadOnlySpan<long> spatial)
        {
            long positions = 1;
            for (int axis = 0; axis < spatial.Length; axis++)
                positions *= OutputLength(axis, spatial[axis]);
            return positions;
        }

        public void Read(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, long row, int groups, Span<float> destination)
        {
            int rank = Kernel.Length;
            ReadOnlySpan<long> spatial = shape[2..];
            Span<long> start = stackalloc long[rank];
            long rest = row;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                long length = OutputLength(axis, spatial[axis]);
                start[axis] = (rest % length * Strides[axis]) - PadBefore(axis, spatial[axis]);
                rest /= length;
            }
            long imageLength = 1;
            foreach (long dimension in spatial)
                imageLength *= dimension;
            int channels = (int)shape[1] / groups;
            int kernelLength = destination.Length / (int)shape[1];
            for (int position = 0; position < kernelLength; position++)
            {
                long offset = Offset(position, start, spatial);
                int step = ChannelsInnermost ? 1 : kernelLength;
                int length = channels * kernelLength;
                long from = (rest * shape[1] * imageLength) + offset;
                for (int group = 0; group < groups; group++)
                {
                    int to = (group * length) + (ChannelsInnermost ? position * channels : position);
                    for (int channel = 0; channel < channels; channel++, to += step, from += imageLength)
                        destination[to] = offset < 0 ? 0 : values[(int)from];
                }
            }
        }

        public override string ToString() => FormattableString.Invariant(
            $"{string.Join(',', Kernel)}|{string.Join(',', Strides)}|{string.Join(',', Dilations)}|{string.Join(',', Pads ?? [])}|{AutoPad}|{ChannelsInnermost}");

        /// <returns>Position in the image; −1 in the padding.</returns>
        private long Offset(int kernelPosition, ReadOnlySpan<long> start, ReadOnlySpan<long> spatial)
        {
            long offset = 0;
            long stride = 1;
            long rest = kernelPosition;
            for (int axis = spatial.Length - 1; axis >= 0; axis--)
            {
                long at = start[axis] + (rest % Kernel[axis] * Dilations[axis]);
                rest /= Kernel[axis];
                if (at < 0 || at >= spatial[axis])
                    return -1;
                offset += at * stride;
                stride *= spatial[axis];
            }
            return offset;
        }

        private long Reach(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

        private long OutputLength(int axis, long length) => Pads is null && AutoPad != "VALID"
            ? (length + Strides[axis] - 1) / Strides[axis]
            : ((length + PadBefore(axis, length) + (Pads?[axis + Kernel.Length] ?? 0) - Reach(axis)) / Strides[axis]) + 1;

        private long PadBefore(int axis, long length)
        {
            if (Pads is not null)
                return Pads[axis];
            if (AutoPad == "VALID")
                return 0;
            long total = Math.Max(0, (((length + Strides[axis] - 1) / Strides[axis]) - 1) * Strides[axis] + Reach(axis) - length);
            return AutoPad == "SAME_LOWER" ? total - (total / 2) : total / 2;
        }
    }
}
