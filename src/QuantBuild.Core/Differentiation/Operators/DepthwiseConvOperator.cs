using System.Runtime.Intrinsics;

namespace QuantBuild.Differentiation.Operators;

/// <summary>A convolution of every channel by itself, which a product of matrices would waste its time on.</summary>
internal sealed class DepthwiseConvOperator(Window window) : DifferentiableOperator
{
    private int Taps => window.KernelHeight * window.KernelWidth;

    public override void Forward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        int channels = input.Shape[1];
        Placed placed = window.Place(input.Shape);
        var planes = new PhasePlanes(window, placed);
        Span<float> result = run.Output(0, placed.Shape(input.Shape, channels));
        Span<float> parts = run.Scratch(0, planes.Length);
        Span<float> spread = run.Scratch(1, planes.Span);
        ReadOnlySpan<float> weights = run.Input(1).Values;
        for (int plane = 0; plane < input.Shape[0] * channels; plane++)
        {
            int channel = plane % channels;
            planes.Split(input.Values.Slice(plane * placed.Area, placed.Area), parts);
            spread.Fill(run.HasInput(2) ? run.Input(2).Values[channel] : 0);
            for (int tap = 0; tap < Taps; tap++)
                AddScaled(parts.Slice(planes.StartOf(tap), planes.Span), weights[(channel * Taps) + tap], spread);
            planes.Gather(spread, result.Slice(plane * placed.OutArea, placed.OutArea));
        }
    }

    public override void Backward(OperatorRun run)
    {
        DenseTensor input = run.Input(0);
        int channels = input.Shape[1];
        Placed placed = window.Place(input.Shape);
        var planes = new PhasePlanes(window, placed);
        ReadOnlySpan<float> gradient = run.OutputGradient();
        Span<float> parts = run.Scratch(0, planes.Length);
        Span<float> spread = run.Scratch(1, planes.Span);
        ReadOnlySpan<float> weights = run.Input(1).Values;
        Span<float> weightSums = run.InputGradient(1);
        Span<float> imageSums = run.InputGradient(0);
        for (int plane = 0; plane < input.Shape[0] * channels; plane++)
        {
            int first = plane % channels * Taps;
            planes.Spread(gradient.Slice(plane * placed.OutArea, placed.OutArea), spread);
            if (!weightSums.IsEmpty)
            {
                planes.Split(input.Values.Slice(plane * placed.Area, placed.Area), parts);
                for (int tap = 0; tap < Taps; tap++)
                    weightSums[first + tap] += Product(parts.Slice(planes.StartOf(tap), planes.Span), spread);
            }
            if (imageSums.IsEmpty)
                continue;
            parts.Clear();
            for (int tap = 0; tap < Taps; tap++)
                AddScaled(spread, weights[first + tap], parts.Slice(planes.StartOf(tap), planes.Span));
            planes.AddJoined(parts, imageSums.Slice(plane * placed.Area, placed.Area));
        }
        if (run.HasInput(2) && run.WantsGradient(2))
            ConvOperator.AddBias(gradient, placed.OutArea, run.InputGradient(2));
    }

    private static void AddScaled(ReadOnlySpan<float> values, float factor, Span<float> sums)
    {
        int i = 0;
        Vector256<float> factors = Vector256.Create(factor);
        for (; i <= sums.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            (Vector256.Create(sums[i..]) + (factors * Vector256.Create(values[i..]))).CopyTo(sums[i..]);
        for (; i < sums.Length; i++)
            sums[i] += factor * values[i];
    }

    private static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        int i = 0;
        Vector256<float> sums = Vector256<float>.Zero;
        for (; i <= left.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            sums += Vector256.Create(left[i..]) * Vector256.Create(right[i..]);
        float sum = Vector256.Sum(sums);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
