namespace QuantBuild.Differentiation.Operators;

/// <summary>One of two values, by a condition. What is not taken learns nothing.</summary>
/// <param name="condition">1 and 0; null: it is read, as such floats.</param>
internal sealed class WhereOperator(DenseTensor? condition) : DifferentiableOperator
{
    private const int Condition = 0;
    private const int Others = 1;

    public static DifferentiableOperator Of(OperatorSite site) => new WhereOperator(site.Truths(0));

    public override void Forward(OperatorRun run)
    {
        int[] shape = ShapeOf(run);
        Span<float> taken = Spread(ConditionOf(run), shape, run, Condition);
        Span<float> result = run.Output(0, shape);
        StridedView.Over(run.Input(1).Shape, shape).Read(run.Input(1).Values, result);
        Span<float> others = Spread(run.Input(2), shape, run, Others);
        for (int i = 0; i < result.Length; i++)
            if (taken[i] == 0)
                result[i] = others[i];
    }

    public override void Backward(OperatorRun run)
    {
        int[] shape = run.Output().Shape;
        ReadOnlySpan<float> taken = run.Scratch(Condition, run.Output().Length);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> part = run.Scratch(Others, gradient.Length);
        for (int input = 1; input <= 2; input++)
        {
            if (!run.WantsGradient(input))
                continue;
            for (int i = 0; i < part.Length; i++)
                part[i] = taken[i] != 0 == (input == 1) ? gradient[i] : 0;
            StridedView.Over(run.Input(input).Shape, shape).Add(part, run.InputGradient(input));
        }
    }

    private DenseTensor ConditionOf(OperatorRun run) => condition ?? run.Input(0);

    private int[] ShapeOf(OperatorRun run) =>
        BroadcastPlan.Of(BroadcastPlan.Of(run.Input(1).Shape, run.Input(2).Shape).Shape, ConditionOf(run).Shape).Shape;

    private static Span<float> Spread(DenseTensor tensor, int[] shape, OperatorRun run, int slot)
    {
        Span<float> spread = run.Scratch(slot, DenseTensor.LengthOf(shape));
        StridedView.Over(tensor.Shape, shape).Read(tensor.Values, spread);
        return spread;
    }
}
