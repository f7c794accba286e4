using System.Runtime.Intrinsics;
using Floats = System.Runtime.Intrinsics.Vector256<float>;

namespace QuantBuild.Differentiation.Operators;

/// <summary>A function of two numbers and both derivatives.</summary>
internal interface IArithmeticFunction
{
    static abstract Floats Value(Floats left, Floats right);

    static abstract (Floats Left, Floats Right) Slopes(Floats left, Floats right);
}

/// <summary>Add, Sub, Mul and Div of tensors that are laid over each other.</summary>
internal sealed class ArithmeticOperator<TFunction> : DifferentiableOperator
    where TFunction : struct, IArithmeticFunction
{
    public override void Forward(OperatorRun run)
    {
        BroadcastPlan plan = BroadcastPlan.Of(run.Input(0).Shape, run.Input(1).Shape);
        ReadOnlySpan<float> left = run.Input(0).Values;
        ReadOnlySpan<float> right = run.Input(1).Values;
        Span<float> result = run.Output(0, plan.Shape);
        for (int i = 0; i < plan.Runs; i++)
        {
            (int fromLeft, int fromRight) = plan.StartOf(i);
            Span<float> to = result.Slice(i * plan.RunLength, plan.RunLength);
            for (int position = 0; position < to.Length; position += Floats.Count)
                Store(
                    TFunction.Value(Load(left[fromLeft..], position, to.Length, plan.LeftStep), Load(right[fromRight..], position, to.Length, plan.RightStep)),
                    to,
                    position);
        }
    }

    public override void Backward(OperatorRun run)
    {
        BroadcastPlan plan = BroadcastPlan.Of(run.Input(0).Shape, run.Input(1).Shape);
        ReadOnlySpan<float> left = run.Input(0).Values;
        ReadOnlySpan<float> right = run.Input(1).Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> leftSums = run.InputGradient(0);
        Span<float> rightSums = run.InputGradient(1);
        for (int i = 0; i < plan.Runs; i++)
        {
            (int fromLeft, int fromRight) = plan.StartOf(i);
            ReadOnlySpan<float> from = gradient.Slice(i * plan.RunLength, plan.RunLength);
            Floats leftTotal = Floats.Zero;
            Floats rightTotal = Floats.Zero;
            for (int position = 0; position < from.Length; position += Floats.Count)
            {
                Floats back = LoadOrZero(from, position);
                (Floats toLeft, Floats toRight) = TFunction.Slopes(
                    Load(left[fromLeft..], position, from.Length, plan.LeftStep), Load(right[fromRight..], position, from.Length, plan.RightStep));
                if (!leftSums.IsEmpty)
                    Add(back * toLeft, leftSums[fromLeft..], position, from.Length, plan.LeftStep, ref leftTotal);
                if (!rightSums.IsEmpty)
                    Add(back * toRight, rightSums[fromRight..], position, from.Length, plan.RightStep, ref rightTotal);
            }
            if (!leftSums.IsEmpty && plan.LeftStep == 0)
                leftSums[fromLeft] += Vector256.Sum(leftTotal);
            if (!rightSums.IsEmpty && plan.RightStep == 0)
                rightSums[fromRight] += Vector256.Sum(rightTotal);
        }
    }

    private static Floats Load(ReadOnlySpan<float> values, int position, int length, int step)
    {
        if (step == 0)
            return Vector256.Create(values[0]);
        return position + Floats.Count <= length ? Vector256.Create(values[position..]) : Tail.Load(values[position..length]);
    }

    private static Floats LoadOrZero(ReadOnlySpan<float> values, int position)
    {
        if (position + Floats.Count <= values.Length)
            return Vector256.Create(values[position..]);
        Span<float> lanes = stackalloc float[Floats.Count];
        lanes.Clear();
        values[position..].CopyTo(lanes);
        return Vector256.Create<float>(lanes);
    }

    private static void Add(Floats change, Span<float> sums, int position, int length, int step, ref Floats total)
    {
        if (step == 0)
            total += change;
        else if (position + Floats.Count <= length)
            (Vector256.Create(sums[position..]) + change).CopyTo(sums[position..]);
        else
            Tail.Store(Tail.Load(sums[position..length]) + change, sums[position..length]);
    }

    private static void Store(Floats vector, Span<float> values, int position)
    {
        if (position + Floats.Count <= values.Length)
            vector.CopyTo(values[position..]);
        else
            Tail.Store(vector, values[position..]);
    }
}

internal readonly struct AddFunction : IArithmeticFunction
{
    public static Floats Value(Floats left, Floats right) => left + right;

    public static (Floats Left, Floats Right) Slopes(Floats left, Floats right) => (Floats.One, Floats.One);
}

internal readonly struct SubFunction : IArithmeticFunction
{
    public static Floats Value(Floats left, Floats right) => left - right;

    public static (Floats Left, Floats Right) Slopes(Floats left, Floats right) => (Floats.One, -Floats.One);
}

internal readonly struct MulFunction : IArithmeticFunction
{
    public static Floats Value(Floats left, Floats right) => left * right;

    public static (Floats Left, Floats Right) Slopes(Floats left, Floats right) => (right, left);
}

internal readonly struct DivFunction : IArithmeticFunction
{
    public static Floats Value(Floats left, Floats right) => left / right;

    public static (Floats Left, Floats Right) Slopes(Floats left, Floats right) => (Floats.One / right, -left / (right * right));
}
