using System.Runtime.Intrinsics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>A function of one number and its derivative.</summary>
internal interface IElementwiseFunction
{
    Vector256<float> Value(Vector256<float> x);

    /// <param name="y">What <see cref="Value"/> gave.</param>
    Vector256<float> Slope(Vector256<float> x, Vector256<float> y);
}

/// <summary><c>y = f(x)</c> for every element.</summary>
internal sealed class ElementwiseOperator<TFunction>(TFunction function) : DifferentiableOperator
    where TFunction : struct, IElementwiseFunction
{
    public override void Forward(OperatorRun run)
    {
        ReadOnlySpan<float> x = run.Input(0).Values;
        Span<float> y = run.Output(0, run.Input(0).Shape);
        int i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            function.Value(Vector256.Create(x[i..])).CopyTo(y[i..]);
        if (i < x.Length)
            Tail.Store(function.Value(Tail.Load(x[i..])), y[i..]);
    }

    public override void Backward(OperatorRun run)
    {
        ReadOnlySpan<float> x = run.Input(0).Values;
        ReadOnlySpan<float> y = run.Output().Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        int i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> slope = function.Slope(Vector256.Create(x[i..]), Vector256.Create(y[i..]));
            (Vector256.Create(sums[i..]) + (slope * Vector256.Create(gradient[i..]))).CopyTo(sums[i..]);
        }
        if (i < x.Length)
            Tail.Store(Tail.Load(sums[i..]) + (function.Slope(Tail.Load(x[i..]), Tail.Load(y[i..])) * Tail.Load(gradient[i..])), sums[i..]);
    }
}
