namespace QuantBuild.Differentiation.Operators;

/// <summary>One output that shows elements of the input: Transpose, Slice, Gather of one position.</summary>
/// <param name="viewOf">From the input's shape.</param>
/// <param name="removedAxis">Axis of length 1 that the output leaves out; −1 for none.</param>
internal sealed class ViewOperator(Func<int[], StridedView> viewOf, int removedAxis = -1) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        StridedView view = viewOf(run.Input(0).Shape);
        view.Read(run.Input(0).Values, run.Output(0, [.. view.Shape.Where((_, axis) => axis != removedAxis)]));
    }

    public override void Backward(OperatorRun run) => viewOf(run.Input(0).Shape).Add(run.OutputGradient(), run.InputGradient(0));
}

/// <summary>The same elements under another shape: Reshape, Flatten, Squeeze, Unsqueeze.</summary>
internal sealed class ShapeOperator(Func<int[], int[]> shapeOf) : DifferentiableOperator
{
    public override void Forward(OperatorRun run) => run.Input(0).Values.CopyTo(run.Output(0, shapeOf(run.Input(0).Shape)));

    public override void Backward(OperatorRun run)
    {
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        for (int i = 0; i < sums.Length; i++)
            sums[i] += gradient[i];
    }
}

internal sealed class ConcatOperator(int axis) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        int at = Axis(run);
        int[] shape = [.. run.Input(0).Shape];
        for (int i = 1; i < run.InputCount; i++)
        {
            int[] other = run.Input(i).Shape;
            if (other.Length != shape.Length || !other.Where((_, axis) => axis != at).SequenceEqual(run.Input(0).Shape.Where((_, axis) => axis != at)))
                throw new NotDifferentiableException("it joins tensors whose other axes differ");
            shape[at] += other[at];
        }
        Span<float> result = run.Output(0, shape);
        result.Clear();
        for (int i = 0, first = 0; i < run.InputCount; first += run.Input(i).Shape[at], i++)
            StridedView.Of(shape).Cut(at, first, run.Input(i).Shape[at]).Add(run.Input(i).Values, result);
    }

    public override void Backward(OperatorRun run)
    {
        int at = Axis(run);
        StridedView whole = StridedView.Of(run.Output().Shape);
        for (int i = 0, first = 0; i < run.InputCount; first += run.Input(i).Shape[at], i++)
        {
            if (!run.WantsGradient(i))
                continue;
            Span<float> sums = run.InputGradient(i);
            Span<float> part = run.Scratch(0, sums.Length);
            whole.Cut(at, first, run.Input(i).Shape[at]).Read(run.OutputGradient(), part);
            for (int j = 0; j < sums.Length; j++)
                sums[j] += part[j];
        }
    }

    private int Axis(OperatorRun run) => axis < 0 ? axis + run.Input(0).Rank : axis;
}

/// <param name="lengths">Null: equal parts, of which the last may be shorter.</param>
internal sealed class SplitOperator(int axis, int[]? lengths) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        foreach ((int output, StridedView view) in Views(run))
            if (run.HasOutput(output))
                view.Read(run.Input(0).Values, run.Output(output, view.Shape));
    }

    public override void Backward(OperatorRun run)
    {
        foreach ((int output, StridedView view) in Views(run))
            if (run.HasOutput(output))
                view.Add(run.OutputGradient(output), run.InputGradient(0));
    }

    private IEnumerable<(int Output, StridedView View)> Views(OperatorRun run)
    {
        int[] shape = run.Input(0).Shape;
        int at = axis < 0 ? axis + shape.Length : axis;
        int share = (shape[at] + run.OutputCount - 1) / run.OutputCount;
        for (int i = 0, first = 0; i < run.OutputCount; i++)
        {
            int count = lengths is null ? Math.Min(share, shape[at] - first) : lengths[i];
            yield return (i, StridedView.Of(shape).Cut(at, first, count));
            first += count;
        }
    }
}
