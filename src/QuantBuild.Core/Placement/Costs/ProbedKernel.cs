using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>One kernel at one size, which a machine is timed by.</summary>
/// <param name="Kernel">Row of the table.</param>
/// <param name="Shape">Of the values between the nodes.</param>
/// <param name="Build">A chain of so many nodes, in float or in integers.</param>
/// <param name="FloatWork">Of one node in float.</param>
/// <param name="IntegerWork">Of one node in integers.</param>
internal sealed record ProbedKernel(
    string Kernel, IReadOnlyList<long> Shape, Func<bool, int, ModelImage> Build, KernelWork FloatWork, KernelWork IntegerWork)
{
    public const string Input = "x";

    public const string Output = "y";

    /// <summary>Two sizes of every kernel of <see cref="MachineFamilies.Timed"/>, of which each takes some hundredths of a millisecond.</summary>
    public static IReadOnlyList<ProbedKernel> All { get; } =
    [
        Convolution(KernelNames.Convolution, channels: 32, side: 28, window: 3, groups: 1),
        Convolution(KernelNames.Convolution, channels: 96, side: 14, window: 3, groups: 1),
        Convolution(KernelNames.Pointwise, channels: 64, side: 28, window: 1, groups: 1),
        Convolution(KernelNames.Pointwise, channels: 192, side: 14, window: 1, groups: 1),
        Convolution(KernelNames.Depthwise, channels: 96, side: 28, window: 3, groups: 96),
        Convolution(KernelNames.Depthwise, channels: 144, side: 14, window: 3, groups: 144),
        Product(rows: 64, width: 256),
        Product(rows: 16, width: 512),
        Border(channels: 64, side: 18),
        Border(channels: 192, side: 28),
    ];

    private static ProbedKernel Convolution(string kernel, int channels, int side, int window, int groups)
    {
        long[] weight = [channels, channels / groups, window, window];
        double positions = side * side;
        return new ProbedKernel(
            kernel,
            [1, channels, side, side],
            (isInteger, nodes) => ProbeChain.Build(isInteger, nodes, [1, channels, side, side], "Conv", weight, axis: 0, node =>
            {
                node.SetInt("group", groups);
                node.SetInts("pads", [window / 2, window / 2, window / 2, window / 2]);
            }),
            ConvolutionWork.Float(channels, channels, positions, positions, window * window, groups),
            ConvolutionWork.Integer(channels, channels, positions, positions, window * window, groups));
    }

    private static ProbedKernel Product(int rows, int width)
    {
        KernelWork work = MatrixWork.WithConstant(rows, width, width);
        return new ProbedKernel(
            KernelNames.MatrixProduct,
            [rows, width],
            (isInteger, nodes) => ProbeChain.Build(isInteger, nodes, [rows, width], "MatMul", [width, width], axis: 1, _ => { }),
            work,
            work);
    }

    private static ProbedKernel Border(int channels, int side)
    {
        double elements = channels * side * side;
        KernelWork work = KernelWork.Elements(elements, elements);
        return new ProbedKernel(
            KernelNames.Border,
            [1, channels, side, side],
            (isInteger, nodes) => ProbeChain.Build(isInteger, nodes, [1, channels, side, side], "Neg", null, axis: 0, _ => { }),
            work,
            work);
    }
}
