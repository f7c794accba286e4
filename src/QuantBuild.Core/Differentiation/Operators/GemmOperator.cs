using QuantBuild.Numerics;

namespace QuantBuild.Differentiation.Operators;

/// <summary><c>alpha · A′·B′ + beta · C</c>, each factor transposed or not.</summary>
internal sealed class GemmOperator(float alpha, float beta, bool transposesLeft, bool transposesRight) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        MatrixView left = Left(run);
        MatrixView right = Right(run);
        if (left.Columns != right.Rows)
            throw new NotDifferentiableException($"it multiplies rows of {left.Columns} with columns of {right.Rows}");
        int[] shape = [left.Rows, right.Columns];
        Span<float> result = run.Output(0, shape);
        result.Clear();
        MatrixProductKernel.Add(left, right, result);
        if (alpha != 1)
            foreach (ref float value in result)
                value *= alpha;
        if (!run.HasInput(2))
            return;
        BroadcastPlan plan = BroadcastPlan.Of(shape, run.Input(2).Shape);
        ReadOnlySpan<float> bias = run.Input(2).Values;
        for (int i = 0; i < plan.Runs; i++)
        {
            (int to, int from) = plan.StartOf(i);
            for (int j = 0; j < plan.RunLength; j++)
                result[to + j] += beta * bias[from + (j * plan.RightStep)];
        }
    }

    public override void Backward(OperatorRun run)
    {
        MatrixView left = Left(run);
        MatrixView right = Right(run);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        if (run.HasInput(2) && run.WantsGradient(2))
            AddBias(run, gradient);
        if (alpha != 1)
        {
            Span<float> scaled = run.Scratch(0, gradient.Length);
            for (int i = 0; i < scaled.Length; i++)
                scaled[i] = alpha * gradient[i];
            gradient = scaled;
        }
        MatrixView back = MatrixView.Of(gradient, left.Rows, right.Columns);
        if (run.WantsGradient(0))
            Add(back, right.Transposed, run.InputGradient(0), transposesLeft);
        if (run.WantsGradient(1))
            Add(left.Transposed, back, run.InputGradient(1), transposesRight);
    }

    /// <summary>Adds a product to what is stored transposed or not.</summary>
    private static void Add(MatrixView left, MatrixView right, Span<float> sums, bool isTransposed)
    {
        if (isTransposed)
            MatrixProductKernel.Add(right.Transposed, left.Transposed, sums);
        else
            MatrixProductKernel.Add(left, right, sums);
    }

    private void AddBias(OperatorRun run, ReadOnlySpan<float> gradient)
    {
        BroadcastPlan plan = BroadcastPlan.Of(run.Output().Shape, run.Input(2).Shape);
        Span<float> sums = run.InputGradient(2);
        for (int i = 0; i < plan.Runs; i++)
        {
            (int from, int to) = plan.StartOf(i);
            for (int j = 0; j < plan.RunLength; j++)
                sums[to + (j * plan.RightStep)] += beta * gradient[from + j];
        }
    }

    private MatrixView Left(OperatorRun run) => View(run.Input(0), transposesLeft);

    private MatrixView Right(OperatorRun run) => View(run.Input(1), transposesRight);

    private static MatrixView View(DenseTensor tensor, bool isTransposed)
    {
        if (tensor.Rank != 2)
            throw new NotDifferentiableException($"it multiplies a tensor of {tensor.Rank} axes");
        MatrixView view = MatrixView.Of(tensor.Values, tensor.Shape[0], tensor.Shape[1]);
        return isTransposed ? view.Transposed : view;
    }
}
