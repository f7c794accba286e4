namespace QuantBuild.Differentiation.Operators;

/// <summary><c>(x − mean) / √(variance + ε) · scale + bias</c> over the axes from one on.</summary>
internal sealed class LayerNormalizationOperator(int axis, float epsilon) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        int length = RowLength(input);
        int rows = input.Length / length;
        Span<float> result = run.Output(0, input.Shape);
        Span<float> normalized = run.Scratch(0, input.Length);
        Span<float> inverses = run.Scratch(1, rows);
        ReadOnlySpan<float> scale = run.Input(1).Values;
        ReadOnlySpan<float> bias = run.HasInput(2) ? run.Input(2).Values : [];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = input.Values.Slice(row * length, length);
            Span<float> unit = normalized.Slice(row * length, length);
            float mean = ReduceOperator.Sum(x) / length;
            float squares = 0;
            for (int i = 0; i < length; i++)
            {
                unit[i] = x[i] - mean;
                squares += unit[i] * unit[i];
            }
            inverses[row] = 1 / MathF.Sqrt((squares / length) + epsilon);
            for (int i = 0; i < length; i++)
            {
                unit[i] *= inverses[row];
                result[(row * length) + i] = (unit[i] * scale[i]) + (bias.IsEmpty ? 0 : bias[i]);
            }
        }
    }

    /// <summary><c>(h − mean(h) − n · mean(h·n)) / √(variance + ε)</c> with <c>h = g · scale</c> and the normalized values n.</summary>
    public override void Backward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        int length = RowLength(input);
        int rows = input.Length / length;
        ReadOnlySpan<float> normalized = run.Scratch(0, input.Length);
        ReadOnlySpan<float> inverses = run.Scratch(1, rows);
        ReadOnlySpan<float> scale = run.Input(1).Values;
        Span<float> scaled = run.Scratch(2, length);
        Span<float> sums = run.InputGradient(0);
        Span<float> scaleSums = run.InputGradient(1);
        Span<float> biasSums = run.HasInput(2) ? run.InputGradient(2) : [];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> gradient = run.OutputGradient().Slice(row * length, length);
            ReadOnlySpan<float> unit = normalized.Slice(row * length, length);
            for (int i = 0; i < scaleSums.Length; i++)
                scaleSums[i] += gradient[i] * unit[i];
            for (int i = 0; i < biasSums.Length; i++)
                biasSums[i] += gradient[i];
            if (sums.IsEmpty)
                continue;
            float mean = 0;
            float product = 0;
            for (int i = 0; i < length; i++)
            {
                scaled[i] = gradient[i] * scale[i];
                mean += scaled[i];
                product += scaled[i] * unit[i];
            }
            for (int i = 0; i < length; i++)
                sums[(row * length) + i] += inverses[row] * (scaled[i] - (mean / length) - (unit[i] * product / length));
        }
    }

    private int RowLength(DenseTensor input) => DenseTensor.LengthOf(input.Shape.AsSpan(axis < 0 ? axis + input.Rank : axis));
}

/// <summary>BatchNormalization with the statistics of the training: a scale and a shift of every channel.</summary>
internal sealed class BatchNormalizationOperator(float epsilon) : DifferentiableOperator
{
    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        Span<float> result = run.Output(0, input.Shape);
        ReadOnlySpan<float> x = input.Values;
        int area = DenseTensor.LengthOf(input.Shape.AsSpan(2));
        for (int plane = 0; plane < x.Length / area; plane++)
        {
            int channel = plane % input.Shape[1];
            float factor = run.Input(1).Values[channel] * Inverse(run, channel);
            float mean = run.Input(3).Values[channel];
            float bias = run.Input(2).Values[channel];
            for (int i = plane * area; i < (plane + 1) * area; i++)
                result[i] = ((x[i] - mean) * factor) + bias;
        }
    }

    public override void Backward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        ReadOnlySpan<float> x = input.Values;
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> sums = run.InputGradient(0);
        Span<float> scaleSums = run.InputGradient(1);
        Span<float> biasSums = run.InputGradient(2);
        int area = DenseTensor.LengthOf(input.Shape.AsSpan(2));
        for (int plane = 0; plane < x.Length / area; plane++)
        {
            int channel = plane % input.Shape[1];
            float inverse = Inverse(run, channel);
            float factor = run.Input(1).Values[channel] * inverse;
            float mean = run.Input(3).Values[channel];
            for (int i = plane * area; i < (plane + 1) * area; i++)
            {
                if (!sums.IsEmpty)
                    sums[i] += gradient[i] * factor;
                if (!scaleSums.IsEmpty)
                    scaleSums[channel] += gradient[i] * (x[i] - mean) * inverse;
                if (!biasSums.IsEmpty)
                    biasSums[channel] += gradient[i];
            }
        }
    }

    private float Inverse(OperatorRun run, int channel) => 1 / MathF.Sqrt(run.Input(4).Values[channel] + epsilon);
}
