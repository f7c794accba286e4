using QuantBuild.Numerics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>Products of the matrices in the last two axes; the axes before count matrices and are laid over each other.</summary>
internal sealed class MatMulOperator : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor left = run.Input(0);
        DenseTensor right = run.Input(1);
        Form form = Form.Of(left.Shape, right.Shape);
        Span<float> result = run.Output(0, form.Shape);
        result.Clear();
        for (int i = 0; i < form.Products; i++)
        {
            (int fromLeft, int fromRight) = form.StartOf(i);
            MatrixProductKernel.Add(form.Left(left.Values, fromLeft), form.Right(right.Values, fromRight), result[(i * form.Rows * form.Columns)..]);
        }
    }

    public override void Backward(OperatorRun run)
    {
        DenseTensor left = run.Input(0);
        DenseTensor right = run.Input(1);
        Form form = Form.Of(left.Shape, right.Shape);
        for (int i = 0; i < form.Products; i++)
        {
            (int fromLeft, int fromRight) = form.StartOf(i);
            MatrixView back = MatrixView.Of(run.OutputGradient()[(i * form.Rows * form.Columns)..], form.Rows, form.Columns);
            if (run.WantsGradient(0))
                MatrixProductKernel.Add(back, form.Right(right.Values, fromRight).Transposed, run.InputGradient(0)[fromLeft..]);
            if (run.WantsGradient(1))
                MatrixProductKernel.Add(form.Left(left.Values, fromLeft).Transposed, back, run.InputGradient(1)[fromRight..]);
        }
    }

    /// <param name="Shape">Of the result.</param>
    /// <param name="Matrices">Null: one matrix on the right for all rows, so that one product does.</param>
    private sealed record Form(int[] Shape, int Rows, int Depth, int Columns, BroadcastPlan? Matrices)
    {
        public int Products => Matrices is null ? 1 : Matrices.Runs * Matrices.RunLength;

        public static Form Of(int[] left, int[] right)
        {
            if (left.Length < 2 || right.Length < 2)
                throw new NotDifferentiableException("it multiplies a vector");
            if (left[^1] != right[^2])
                throw new NotDifferentiableException($"it multiplies rows of {left[^1]} with columns of {right[^2]}");
            int depth = left[^1];
            int columns = right[^1];
            if (DenseTensor.LengthOf(right.AsSpan(0, right.Length - 2)) == 1 && right.Length <= left.Length)
                return new Form([.. left[..^1], columns], DenseTensor.LengthOf(left.AsSpan(0, left.Length - 1)), depth, columns, null);
            BroadcastPlan matrices = BroadcastPlan.Of(left.AsSpan(0, left.Length - 2), right.AsSpan(0, right.Length - 2));
            return new Form([.. matrices.Shape, left[^2], columns], left[^2], depth, columns, matrices);
        }

        public (int Left, int Right) StartOf(int product)
        {
            if (Matrices is null)
                return (0, 0);
            (int run, int position) = Math.DivRem(product, Matrices.RunLength);
            (int left, int right) = Matrices.StartOf(run);
            return ((left + (position * Matrices.LeftStep)) * Rows * Depth, (right + (position * Matrices.RightStep)) * Depth * Columns);
        }

        public MatrixView Left(ReadOnlySpan<float> values, int start) => MatrixView.Of(values[start..], Rows, Depth);

        public MatrixView Right(ReadOnlySpan<float> values, int start) => MatrixView.Of(values[start..], Depth, Columns);
    }
}
