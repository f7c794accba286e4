namespace QuantBuild.Differentiation.Operators;

/// <summary><c>(clamp(round(x / s) + z, low, high) − z) · s</c>; rounding is passed as if it were not there (Bengio and others 2013), and s is learned
/// (Esser and others 2020).</summary>
/// <remarks>The second input is s. Elements are left as they are by chance, so that what stands behind them learns for both (Wei and others 2022).</remarks>
/// <param name="keep">Part of the elements that are left as they are while something is learned; 0 for none.</param>
internal sealed class FakeQuantizeOperator(int zeroPoint, int low, int high, float keep) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        ReadOnlySpan<float> x = run.Input(0).Values;
        Span<float> y = run.Output(0, run.Input(0).Shape);
        float scale = run.Input(1).Values[0];
        for (int i = 0; i < x.Length; i++)
            y[i] = IsKept(run.Seed, i) ? x[i] : (Math.Clamp(MathF.Round(x[i] / scale) + zeroPoint, low, high) - zeroPoint) * scale;
    }

    public override void Backward(OperatorRun run)
    {
        ReadOnlySpan<float> x = run.Input(0).Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        float scale = run.Input(1).Values[0];
        Span<float> sums = run.InputGradient(0);
        float scaleSum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            bool isKept = IsKept(run.Seed, i);
            float steps = x[i] / scale;
            float code = MathF.Round(steps) + zeroPoint;
            bool isInside = code >= low && code <= high;
            if (!sums.IsEmpty && (isKept || isInside))
                sums[i] += gradient[i];
            if (!isKept)
                scaleSum += gradient[i] * (isInside ? code - zeroPoint - steps : Math.Clamp(code, low, high) - zeroPoint);
        }
        if (run.WantsGradient(1))
            run.InputGradient(1)[0] += scaleSum;
    }

    private bool IsKept(ulong seed, int index) => keep > 0 && seed != 0 && Chance.Of(seed, index) < keep;
}
