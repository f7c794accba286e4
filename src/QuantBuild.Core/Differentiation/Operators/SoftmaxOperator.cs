using System.Runtime.Intrinsics;

namespace QuantBuild.Differentiation.Operators;

/// <summary><c>exp(x − max) / Σ exp(x − max)</c> along one axis.</summary>
internal sealed class SoftmaxOperator(int axis) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        (int count, int stride) = Rows(input);
        ReadOnlySpan<float> x = input.Values;
        Span<float> y = run.Output(0, input.Shape);
        Span<float> row = run.Scratch(0, count);
        for (int index = 0; index < x.Length / count; index++)
        {
            int start = StartOf(index, count, stride);
            float largest = float.NegativeInfinity;
            for (int i = 0; i < count; i++)
            {
                row[i] = x[start + (i * stride)];
                largest = Math.Max(largest, row[i]);
            }
            float sum = Exponentials(row, largest);
            for (int i = 0; i < count; i++)
                y[start + (i * stride)] = row[i] / sum;
        }
    }

    /// <summary><c>y · (g − Σ y·g)</c></summary>
    public override void Backward(OperatorRun run)
    {
        (int count, int stride) = Rows(run.Input(0));
        ReadOnlySpan<float> y = run.Output().Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        for (int index = 0; index < y.Length / count; index++)
        {
            int start = StartOf(index, count, stride);
            float mean = 0;
            for (int i = 0, at = start; i < count; i++, at += stride)
                mean += y[at] * gradient[at];
            for (int i = 0, at = start; i < count; i++, at += stride)
                sums[at] += y[at] * (gradient[at] - mean);
        }
    }

    private static float Exponentials(Span<float> row, float largest)
    {
        Vector256<float> subtracted = Vector256.Create(largest);
        int i = 0;
        for (; i <= row.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            Vector256.Exp(Vector256.Create<float>(row[i..]) - subtracted).CopyTo(row[i..]);
        if (i < row.Length)
            Tail.Store(Vector256.Exp(Tail.Load(row[i..]) - subtracted), row[i..]);
        return ReduceOperator.Sum(row);
    }

    private (int Count, int Stride) Rows(DenseTensor tensor)
    {
        int at = axis < 0 ? axis + tensor.Rank : axis;
        return (tensor.Shape[at], DenseTensor.LengthOf(tensor.Shape.AsSpan(at + 1)));
    }

    private static int StartOf(int row, int count, int stride) => (row / stride * count * stride) + (row % stride);
}
