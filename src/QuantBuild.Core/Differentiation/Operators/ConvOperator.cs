using QuantBuild.Numerics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>A convolution as a product of matrices, group by group: [out/group, in/group · kernel] times <see cref="ColumnImage"/>.</summary>
internal sealed class ConvOperator(Window window, int groups) : DifferentiableOperator
{
    /// <summary>A <see cref="ColumnImage"/> of one sample and group takes at most so much.</summary>
    private const long MostColumnBytes = 256L << 20;

    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        Placed placed = window.Place(input.Shape);
        Size size = SizeOf(run);
        if (!window.IsPointwise && (long)size.Depth * placed.OutArea * sizeof(float) > MostColumnBytes)
            throw new NotDifferentiableException($"its windows take more than {MostColumnBytes >> 20} MB");
        int columnLength = window.IsPointwise ? 0 : size.Depth * placed.OutArea;
        Span<float> result = run.Output(0, placed.Shape(input.Shape, size.Out));
        if (run.HasInput(2))
            for (int plane = 0; plane < input.Shape[0] * size.Out; plane++)
                result.Slice(plane * placed.OutArea, placed.OutArea).Fill(run.Input(2).Values[plane % size.Out]);
        else
            result.Clear();
        for (int sample = 0; sample < input.Shape[0]; sample++)
            for (int group = 0; group < groups; group++)
            {
                ReadOnlySpan<float> columns = Columns(run, sample, group, size, placed, run.Scratch(0, columnLength));
                MatrixProductKernel.Add(
                    Weights(run, group, size), MatrixView.Of(columns, size.Depth, placed.OutArea), result[size.StartOfResult(sample, group, placed)..]);
            }
    }

    public override void Backward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        Placed placed = window.Place(input.Shape);
        Size size = SizeOf(run);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        int columnLength = window.IsPointwise ? 0 : size.Depth * placed.OutArea;
        Span<float> folded = run.Scratch(1, columnLength);
        for (int sample = 0; sample < input.Shape[0]; sample++)
            for (int group = 0; group < groups; group++)
            {
                MatrixView back = MatrixView.Of(gradient[size.StartOfResult(sample, group, placed)..], size.GroupOut, placed.OutArea);
                if (run.WantsGradient(1))
                {
                    ReadOnlySpan<float> columns = Columns(run, sample, group, size, placed, run.Scratch(0, columnLength));
                    MatrixProductKernel.Add(
                        back,
                        MatrixView.Of(columns, size.Depth, placed.OutArea).Transposed,
                        run.InputGradient(1).Slice(group * size.GroupOut * size.Depth, size.GroupOut * size.Depth));
                }
                if (!run.WantsGradient(0))
                    continue;
                Span<float> image = run.InputGradient(0).Slice(size.StartOfImage(sample, group, placed), size.GroupIn * placed.Area);
                if (window.IsPointwise)
                {
                    MatrixProductKernel.Add(Weights(run, group, size).Transposed, back, image);
                    continue;
                }
                folded.Clear();
                MatrixProductKernel.Add(Weights(run, group, size).Transposed, back, folded);
                ColumnImage.AddFolded(folded, size.GroupIn, window, placed, image);
            }
        if (run.HasInput(2) && run.WantsGradient(2))
            AddBias(gradient, placed.OutArea, run.InputGradient(2));
    }

    /// <summary>Sums of planes.</summary>
    internal static void AddBias(ReadOnlySpan<float> gradient, int area, Span<float> sums)
    {
        for (int plane = 0; plane < gradient.Length / area; plane++)
            sums[plane % sums.Length] += ReduceOperator.Sum(gradient.Slice(plane * area, area));
    }

    private ReadOnlySpan<float> Columns(OperatorRun run, int sample, int group, Size size, Placed placed, Span<float> buffer)
    {
        ReadOnlySpan<float> image = run.Input(0).Values.Slice(size.StartOfImage(sample, group, placed), size.GroupIn * placed.Area);
        if (window.IsPointwise)
            return image;
        ColumnImage.Unfold(image, size.GroupIn, window, placed, buffer);
        return buffer;
    }

    private static MatrixView Weights(OperatorRun run, int group, Size size) =>
        MatrixView.Of(run.Input(1).Values.Slice(group * size.GroupOut * size.Depth, size.GroupOut * size.Depth), size.GroupOut, size.Depth);

    private Size SizeOf(OperatorRun run)
    {
        int[] weight = run.Input(1).Shape;
        return new Size(weight[0], weight[0] / groups, weight[1], weight[1] * window.KernelHeight * window.KernelWidth, groups);
    }

    /// <param name="Depth">Products of one sum.</param>
    private readonly record struct Size(int Out, int GroupOut, int GroupIn, int Depth, int Groups)
    {
        public int StartOfImage(int sample, int group, Placed placed) => ((sample * Groups) + group) * GroupIn * placed.Area;

        public int StartOfResult(int sample, int group, Placed placed) => ((sample * Groups) + group) * GroupOut * placed.OutArea;
    }
}
