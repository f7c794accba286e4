using System.Runtime.Intrinsics;

namespace QuantBuild.Differentiation.Operators;

internal enum Reduction
{
    Sum,
    Mean,

    /// <summary>Root of the sum of squares.</summary>
    Length,
}

/// <summary>ReduceSum, ReduceMean, ReduceL2 and GlobalAveragePool.</summary>
/// <param name="axes">Null: all from <paramref name="firstAxis"/> on.</param>
internal sealed class ReduceOperator(Reduction reduction, int[]? axes, int firstAxis, bool keepsAxes) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        bool[] isReduced = IsReduced(input.Rank);
        int[] kept = [.. input.Shape.Select((dimension, axis) => isReduced[axis] ? 1 : dimension)];
        BroadcastPlan plan = BroadcastPlan.Of(input.Shape, kept);
        Span<float> result = run.Output(0, keepsAxes ? kept : [.. input.Shape.Where((_, axis) => !isReduced[axis])]);
        result.Clear();
        ReadOnlySpan<float> values = input.Values;
        for (int i = 0; i < plan.Runs; i++)
        {
            (int from, int to) = plan.StartOf(i);
            ReadOnlySpan<float> part = values.Slice(from, plan.RunLength);
            if (plan.RightStep == 0)
                result[to] += reduction == Reduction.Length ? Squares(part) : Sum(part);
            else
                for (int j = 0; j < part.Length; j++)
                    result[to + j] += reduction == Reduction.Length ? part[j] * part[j] : part[j];
        }
        if (reduction == Reduction.Mean)
            for (int i = 0; i < result.Length; i++)
                result[i] /= input.Length / result.Length;
        if (reduction == Reduction.Length)
            for (int i = 0; i < result.Length; i++)
                result[i] = MathF.Sqrt(result[i]);
    }

    public override void Backward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        bool[] isReduced = IsReduced(input.Rank);
        BroadcastPlan plan = BroadcastPlan.Of(input.Shape, [.. input.Shape.Select((dimension, axis) => isReduced[axis] ? 1 : dimension)]);
        ReadOnlySpan<float> values = input.Values;
        ReadOnlySpan<float> result = run.Output().Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        float factor = reduction == Reduction.Mean ? (float)result.Length / input.Length : 1;
        for (int i = 0; i < plan.Runs; i++)
        {
            (int to, int from) = plan.StartOf(i);
            Span<float> part = sums.Slice(to, plan.RunLength);
            for (int j = 0; j < part.Length; j++)
            {
                int at = from + (j * plan.RightStep);
                part[j] += reduction != Reduction.Length ? gradient[at] * factor
                    : result[at] > 0 ? gradient[at] * values[to + j] / result[at] : 0;
            }
        }
    }

    internal static float Sum(ReadOnlySpan<float> values)
    {
        Vector256<float> sums = Vector256<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            sums += Vector256.Create(values[i..]);
        float sum = Vector256.Sum(sums);
        for (; i < values.Length; i++)
            sum += values[i];
        return sum;
    }

    private static float Squares(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values)
            sum += value * value;
        return sum;
    }

    private bool[] IsReduced(int rank)
    {
        var isReduced = new bool[rank];
        foreach (int axis in axes ?? [.. Enumerable.Range(firstAxis, rank - firstAxis)])
            isReduced[axis < 0 ? axis + rank : axis] = true;
        return isReduced;
    }
}
