using System.Runtime.Intrinsics;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Steps along the gradient that are as long as the rate, whatever the size of the gradient (Kingma and Ba 2015).</summary>
internal sealed class Adam(int length)
{
    private const float FirstDecay = 0.9f;

    private const float SecondDecay = 0.999f;

    private const float Tiny = 1e-12f;

    private readonly float[] firstMoments = new float[length];

    private readonly float[] secondMoments = new float[length];

    private float firstCorrection = 1;

    private float secondCorrection = 1;

    public void Step(Span<float> values, ReadOnlySpan<float> gradient, float rate)
    {
        firstCorrection *= FirstDecay;
        secondCorrection *= SecondDecay;
        float length = rate / (1 - firstCorrection);
        float shrink = 1 / (1 - secondCorrection);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> slope = Vector256.Create(gradient[i..]);
            Vector256<float> first = (Vector256.Create(FirstDecay) * Vector256.Create<float>(firstMoments.AsSpan(i))) + (Vector256.Create(1 - FirstDecay) * slope);
            Vector256<float> second = (Vector256.Create(SecondDecay) * Vector256.Create<float>(secondMoments.AsSpan(i)))
                + (Vector256.Create(1 - SecondDecay) * slope * slope);
            first.CopyTo(firstMoments.AsSpan(i));
            second.CopyTo(secondMoments.AsSpan(i));
            Vector256<float> change = Vector256.Create(length) * first / (Vector256.Sqrt(second * Vector256.Create(shrink)) + Vector256.Create(Tiny));
            (Vector256.Create<float>(values[i..]) - change).CopyTo(values[i..]);
        }
        for (; i < values.Length; i++)
        {
            firstMoments[i] = (FirstDecay * firstMoments[i]) + ((1 - FirstDecay) * gradient[i]);
            secondMoments[i] = (SecondDecay * secondMoments[i]) + ((1 - SecondDecay) * gradient[i] * gradient[i]);
            values[i] -= length * firstMoments[i] / (MathF.Sqrt(secondMoments[i] * shrink) + Tiny);
        }
    }
}
