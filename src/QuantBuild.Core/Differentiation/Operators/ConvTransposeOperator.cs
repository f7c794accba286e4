using QuantBuild.Numerics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>A convolution the other way round: what <see cref="ConvOperator"/> does to go back from its result to its input.</summary>
/// <param name="window">Slides over the result, position by position of the input.</param>
/// <param name="further">Rows and columns of the result that no window has to reach.</param>
internal sealed class ConvTransposeOperator(Window window, int groups, (int Rows, int Columns) further) : DifferentiableOperator
{
    /// <exception cref="NotDifferentiableException">The size of the result is given, or follows from it.</exception>
    public static DifferentiableOperator Of(OperatorSite site)
    {
        OperatorSite.Require(site.IntsOrNull("output_shape") is null, "the shape of its result is given");
        OperatorSite.Require(site.Node.GetString("auto_pad", "NOTSET") is "NOTSET" or "VALID", "its padding follows from its strides");
        int[] kernel = site.ShapeOf(1)[2..];
        int[] further = site.Ints("output_padding", kernel.Length, 0);
        return new ConvTransposeOperator(
            Window.Of(site, kernel), site.Int("group", 1), kernel.Length == 2 ? (further[0], further[1]) : (0, further[0]));
    }

    public override void Forward(OperatorRun run)
    {
        Size size = SizeOf(run);
        int[] image = run.Input(0).Shape;
        Placed placed = Place(image);
        int channels = size.GroupOut * groups;
        Span<float> result = run.Output(
            0, image.Length == 4 ? [image[0], channels, placed.Height, placed.Width] : [image[0], channels, placed.Width]);
        if (run.HasInput(2))
            for (int plane = 0; plane < image[0] * channels; plane++)
                result.Slice(plane * placed.Area, placed.Area).Fill(run.Input(2).Values[plane % channels]);
        else
            result.Clear();
        Span<float> columns = run.Scratch(0, size.Depth * placed.OutArea);
        for (int part = 0; part < image[0] * groups; part++)
        {
            columns.Clear();
            MatrixProductKernel.Add(
                Weights(run, part % groups, size).Transposed,
                MatrixView.Of(run.Input(0).Values[size.StartOfImage(part, placed)..], size.GroupIn, placed.OutArea),
                columns);
            Span<float> planes = result.Slice(size.StartOfResult(part, placed), size.GroupOut * placed.Area);
            ColumnImage.AddFolded(columns, size.GroupOut, window, placed, planes);
        }
    }

    public override void Backward(OperatorRun run)
    {
        Size size = SizeOf(run);
        Placed placed = Place(run.Input(0).Shape);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> columns = run.Scratch(0, size.Depth * placed.OutArea);
        for (int part = 0; part < run.Input(0).Shape[0] * groups; part++)
        {
            ReadOnlySpan<float> planes = gradient.Slice(size.StartOfResult(part, placed), size.GroupOut * placed.Area);
            ColumnImage.Unfold(planes, size.GroupOut, window, placed, columns);
            MatrixView back = MatrixView.Of(columns, size.Depth, placed.OutArea);
            int image = size.StartOfImage(part, placed);
            if (run.WantsGradient(0))
                MatrixProductKernel.Add(
                    Weights(run, part % groups, size), back, run.InputGradient(0).Slice(image, size.GroupIn * placed.OutArea));
            if (run.WantsGradient(1))
                MatrixProductKernel.Add(
                    MatrixView.Of(run.Input(0).Values[image..], size.GroupIn, placed.OutArea),
                    back.Transposed,
                    run.InputGradient(1).Slice(part % groups * size.GroupIn * size.Depth, size.GroupIn * size.Depth));
        }
        if (run.HasInput(2) && run.WantsGradient(2))
            ConvOperator.AddBias(gradient, placed.Area, run.InputGradient(2));
    }

    /// <summary>As a convolution from the result to the input would be.</summary>
    private Placed Place(int[] image)
    {
        int height = image.Length == 4 ? image[2] : 1;
        int width = image[^1];
        int windowHeight = ((window.KernelHeight - 1) * window.DilationY) + 1;
        int windowWidth = ((window.KernelWidth - 1) * window.DilationX) + 1;
        return new Placed(
            ((height - 1) * window.StrideY) + windowHeight + further.Rows - window.Top - window.Bottom,
            ((width - 1) * window.StrideX) + windowWidth + further.Columns - window.Left - window.Right,
            window.Top,
            window.Left,
            height,
            width);
    }

    /// <returns>[in/group, out/group · kernel]</returns>
    private static MatrixView Weights(OperatorRun run, int group, Size size) =>
        MatrixView.Of(run.Input(1).Values.Slice(group * size.GroupIn * size.Depth, size.GroupIn * size.Depth), size.GroupIn, size.Depth);

    private Size SizeOf(OperatorRun run)
    {
        int[] weight = run.Input(1).Shape;
        return new Size(weight[0] / groups, weight[1], weight[1] * window.KernelHeight * window.KernelWidth);
    }

    /// <param name="Depth">What one element of the input is multiplied with.</param>
    private readonly record struct Size(int GroupIn, int GroupOut, int Depth)
    {
        /// <param name="part">Sample and group.</param>
        public int StartOfImage(int part, Placed placed) => part * GroupIn * placed.OutArea;

        public int StartOfResult(int part, Placed placed) => part * GroupOut * placed.Area;
    }
}
