namespace QuantBuild.Differentiation.Operators;

/// <summary>How a convolution or pool slides over images; one axis stands for an image of one row.</summary>
/// <param name="KernelHeight">Positions that are read, one below the other.</param>
/// <param name="Top">Rows of padding above.</param>
internal sealed record Window(
    int KernelHeight, int KernelWidth, int StrideY, int StrideX, int DilationY, int DilationX, int Top, int Left, int Bottom, int Right, bool RoundsUp)
{
    private string AutoPadding { get; init; } = "NOTSET";

    /// <param name="kernel">Of one or two axes.</param>
    /// <exception cref="NotDifferentiableException">The node slides over more than two axes.</exception>
    public static Window Of(OperatorSite site, IReadOnlyList<int> kernel)
    {
        int axes = kernel.Count;
        OperatorSite.Require(axes is 1 or 2, $"it slides over {axes} axes");
        int[] strides = site.Ints("strides", axes, 1);
        int[] dilations = site.Ints("dilations", axes, 1);
        int[] pads = site.Ints("pads", 2 * axes, 0);
        string automatic = site.Node.GetString("auto_pad", "NOTSET");
        bool roundsUp = site.Int("ceil_mode", 0) != 0;
        Window window = axes == 2
            ? new Window(kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], pads[0], pads[1], pads[2], pads[3], roundsUp)
            : new Window(1, kernel[0], 1, strides[0], 1, dilations[0], 0, pads[0], 0, pads[1], roundsUp);
        return window with { AutoPadding = automatic };
    }

    public bool IsPointwise => KernelHeight * KernelWidth * StrideY * StrideX == 1 && Top + Left + Bottom + Right == 0;

    /// <summary>For images of a size, with all padding known.</summary>
    /// <param name="shape">[samples, channels, (height,) width]</param>
    public Placed Place(int[] shape)
    {
        int height = shape.Length == 4 ? shape[2] : 1;
        int width = shape[^1];
        (int top, int bottom) = Padding(height, KernelHeight, StrideY, DilationY, Top, Bottom);
        (int left, int right) = Padding(width, KernelWidth, StrideX, DilationX, Left, Right);
        return new Placed(
            height,
            width,
            top,
            left,
            Count(height, top, bottom, KernelHeight, StrideY, DilationY),
            Count(width, left, right, KernelWidth, StrideX, DilationX));
    }

    private (int Before, int After) Padding(int size, int kernel, int stride, int dilation, int before, int after)
    {
        if (AutoPadding is not ("SAME_UPPER" or "SAME_LOWER"))
            return AutoPadding == "VALID" ? (0, 0) : (before, after);
        int total = Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + ((kernel - 1) * dilation) + 1 - size);
        return AutoPadding == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
    }

    /// <summary>With rounding up, a window that would start in the padding behind is left out.</summary>
    private int Count(int size, int before, int after, int kernel, int stride, int dilation)
    {
        int last = size + before + after - ((kernel - 1) * dilation) - 1;
        int count = (RoundsUp ? (last + stride - 1) / stride : last / stride) + 1;
        return RoundsUp && (count - 1) * stride >= size + before ? count - 1 : count;
    }
}

/// <param name="Top">Padding above.</param>
/// <param name="OutHeight">Of the result.</param>
internal readonly record struct Placed(int Height, int Width, int Top, int Left, int OutHeight, int OutWidth)
{
    public int Area => Height * Width;

    public int OutArea => OutHeight * OutWidth;

    /// <summary>Shape of the result for an input of a shape.</summary>
    public int[] Shape(int[] input, int channels) =>
        input.Length == 4 ? [input[0], channels, OutHeight, OutWidth] : [input[0], channels, OutWidth];
}
