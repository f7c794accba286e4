namespace QuantBuild.Differentiation.Operators;

/// <summary>Elements around a tensor, or fewer of them: a constant, or copies of those within.</summary>
/// <param name="mode">constant, edge, reflect or wrap.</param>
/// <param name="pads">Before every axis, then behind every axis; negative: so many are left out.</param>
/// <param name="axes">To which the pads belong; null: to all.</param>
internal sealed class PadOperator(string mode, int[] pads, int[]? axes, float constant) : DifferentiableOperator
{
    private const int Constant = -1;

    public static DifferentiableOperator Of(OperatorSite site)
    {
        int[] pads = site.Integers(1) ?? throw new NotDifferentiableException("its pads are left out");
        return new PadOperator(site.Node.GetString("mode", "constant"), pads, site.Integers(3), site.Number(2, 0));
    }

    public override void Forward(OperatorRun run)
    {
        int[] shape = run.Input(0).Shape;
        (int Before, int Behind)[] padding = PaddingOf(shape.Length);
        int[] padded = [.. shape.Select((size, axis) => size + padding[axis].Before + padding[axis].Behind)];
        Span<float> result = run.Output(0, padded);
        Span<int> sources = run.Indices(result.Length);
        FillSources(shape, padded, padding, sources);
        ReadOnlySpan<float> values = run.Input(0).Values;
        for (int i = 0; i < result.Length; i++)
            result[i] = sources[i] == Constant ? constant : values[sources[i]];
    }

    public override void Backward(OperatorRun run)
    {
        ReadOnlySpan<float> gradient = run.OutputGradient();
        ReadOnlySpan<int> sources = run.Indices(gradient.Length);
        Span<float> sums = run.InputGradient(0);
        for (int i = 0; i < gradient.Length; i++)
            if (sources[i] != Constant)
                sums[sources[i]] += gradient[i];
    }

    /// <summary>By element of the result: which element of the input it is.</summary>
    private void FillSources(int[] shape, int[] padded, (int Before, int Behind)[] padding, Span<int> sources)
    {
        sources.Clear();
        for (int axis = 0, stride = sources.Length, own = DenseTensor.LengthOf(shape); axis < shape.Length; axis++)
        {
            stride /= Math.Max(1, padded[axis]);
            own /= Math.Max(1, shape[axis]);
            for (int i = 0; i < sources.Length; i++)
            {
                int source = SourceOf((i / stride % padded[axis]) - padding[axis].Before, shape[axis]);
                sources[i] = source == Constant || sources[i] == Constant ? Constant : sources[i] + (source * own);
            }
        }
    }

    private int SourceOf(int position, int size) => (uint)position < (uint)size ? position : mode switch
    {
        "edge" => Math.Clamp(position, 0, size - 1),
        "reflect" => position < 0 ? -position : (2 * (size - 1)) - position,
        "wrap" => (position % size + size) % size,
        _ => Constant,
    };

    private (int Before, int Behind)[] PaddingOf(int rank)
    {
        var padding = new (int Before, int Behind)[rank];
        int count = pads.Length / 2;
        for (int i = 0; i < count; i++)
        {
            int axis = axes is null ? i : axes[i] < 0 ? axes[i] + rank : axes[i];
            padding[axis] = (pads[i], pads[i + count]);
        }
        return padding;
    }
}
