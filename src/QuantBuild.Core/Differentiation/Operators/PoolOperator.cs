namespace QuantBuild.Differentiation.Operators;

/// <summary>AveragePool.</summary>
/// <param name="countsPadding">Whether positions outside the image are part of the mean, as zeros.</param>
internal sealed class AveragePoolOperator(Window window, bool countsPadding) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        Placed placed = window.Place(input.Shape);
        Span<float> result = run.Output(0, placed.Shape(input.Shape, input.Shape[1]));
        ReadOnlySpan<float> values = input.Values;
        for (int i = 0; i < result.Length; i++)
        {
            var area = PoolArea.Of(window, placed, i);
            float sum = 0;
            for (int y = area.FirstY; y < area.EndY; y += window.DilationY)
                for (int x = area.FirstX; x < area.EndX; x += window.DilationX)
                    sum += values[area.Plane + (y * placed.Width) + x];
            result[i] = sum / Divisor(area);
        }
    }

    public override void Backward(OperatorRun run)
    {
        Placed placed = window.Place(run.Input(0).Shape);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        for (int i = 0; i < gradient.Length; i++)
        {
            var area = PoolArea.Of(window, placed, i);
            float share = gradient[i] / Divisor(area);
            for (int y = area.FirstY; y < area.EndY; y += window.DilationY)
                for (int x = area.FirstX; x < area.EndX; x += window.DilationX)
                    sums[area.Plane + (y * placed.Width) + x] += share;
        }
    }

    private int Divisor(PoolArea area) => countsPadding
        ? window.KernelHeight * window.KernelWidth
        : Count(area.FirstY, area.EndY, window.DilationY) * Count(area.FirstX, area.EndX, window.DilationX);

    private static int Count(int first, int end, int step) => (end - first + step - 1) / step;
}

/// <summary>MaxPool; of several largest ones the first counts.</summary>
internal sealed class MaxPoolOperator(Window window) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        Placed placed = window.Place(input.Shape);
        Span<float> result = run.Output(0, placed.Shape(input.Shape, input.Shape[1]));
        Span<int> positions = run.Indices(result.Length);
        ReadOnlySpan<float> values = input.Values;
        for (int i = 0; i < result.Length; i++)
        {
            var area = PoolArea.Of(window, placed, i);
            int best = area.Plane + (area.FirstY * placed.Width) + area.FirstX;
            for (int y = area.FirstY; y < area.EndY; y += window.DilationY)
                for (int x = area.FirstX; x < area.EndX; x += window.DilationX)
                    if (values[area.Plane + (y * placed.Width) + x] > values[best])
                        best = area.Plane + (y * placed.Width) + x;
            positions[i] = best;
            result[i] = values[best];
        }
    }

    public override void Backward(OperatorRun run)
    {
        ReadOnlySpan<float> gradient = run.OutputGradient();
        ReadOnlySpan<int> positions = run.Indices(gradient.Length);
        Span<float> sums = run.InputGradient(0);
        for (int i = 0; i < gradient.Length; i++)
            sums[positions[i]] += gradient[i];
    }
}

/// <summary>The positions of an image that one element of the result is made from.</summary>
/// <param name="Plane">Where the image starts.</param>
internal readonly record struct PoolArea(int Plane, int FirstY, int EndY, int FirstX, int EndX)
{
    public static PoolArea Of(Window window, Placed placed, int index)
    {
        (int plane, int position) = Math.DivRem(index, placed.OutArea);
        (int y, int x) = Math.DivRem(position, placed.OutWidth);
        (int firstY, int endY) = Part((y * window.StrideY) - placed.Top, window.KernelHeight, window.DilationY, placed.Height);
        (int firstX, int endX) = Part((x * window.StrideX) - placed.Left, window.KernelWidth, window.DilationX, placed.Width);
        if (firstY >= endY || firstX >= endX)
            throw new NotDifferentiableException("it has a window that sees padding alone");
        return new PoolArea(plane * placed.Area, firstY, endY, firstX, endX);
    }

    private static (int First, int End) Part(int start, int kernel, int dilation, int size)
    {
        int end = Math.Min(size, start + ((kernel - 1) * dilation) + 1);
        int first = start < 0 ? start + ((-start + dilation - 1) / dilation * dilation) : start;
        return (first, end);
    }
}
