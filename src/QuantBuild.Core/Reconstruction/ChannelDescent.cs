using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>The descent of one channel.</summary>
/// <param name="gradient">Half the gradient at the codes of <paramref name="weights"/>; kept up to date.</param>
internal sealed class ChannelDescent(LayerGram layer, LayerWeights weights, int channel, Memory<float> gradient)
{
    private readonly float scale = weights.Scales[channel];

    /// <summary>Changes of the block: a code may change by itself and with its partner.</summary>
    private readonly int[] changed = new int[2 * RowSumKernel.BlockRows];

    private readonly float[] changes = new float[2 * RowSumKernel.BlockRows];

    private int count;

    /// <summary>By how much the error has fallen in this sweep, and in those before.</summary>
    private double gain;

    private double gainBefore;

    /// <returns>The gain of the sweep as a part of what all have gained; 0 without any.</returns>
    public double EndSweep()
    {
        gainBefore += gain;
        double part = gain > 0 ? gain / gainBefore : 0;
        gain = 0;
        return part;
    }

    /// <param name="start">Even.</param>
    public void ImproveBlock(int start, int end)
    {
        ReadOnlySpan<float> diagonal = layer.Diagonal;
        ReadOnlySpan<float> slopes = gradient.Span;
        count = 0;
        for (int j = start; j < end; j++)
        {
            if (Math.Abs(slopes[j]) * 2 > diagonal[j] * scale)
                ImproveOne(j, start, end);
            if (weights.Pairs && (j & 1) == 1)
                SlidePair(j - 1, j, start, end);
        }
        Pass(0, start);
        Pass(end, weights.Columns);
    }

    private void ImproveOne(int j, int start, int end)
    {
        Span<sbyte> codes = weights.CodesOf(channel);
        float wanted = codes[j] - (gradient.Span[j] / (layer.Diagonal[j] * scale));
        int partner = j ^ 1;
        int code = weights.Pairs && partner < codes.Length
            ? PairSafeChannel.RoundBeside(codes[partner], wanted)
            : PairSafeChannel.Round(wanted);
        Move(j, code - codes[j], start, end);
    }

    /// <summary>Where the limit of a pair holds both, one can only grow when the other shrinks.</summary>
    private void SlidePair(int first, int second, int start, int end)
    {
        Span<sbyte> codes = weights.CodesOf(channel);
        int sum = codes[first] + codes[second];
        if (Math.Abs(sum) != PairSafeChannel.PairLimit)
            return;
        float coupling = layer.Gram[(first * weights.Columns) + second];
        float curvature = layer.Diagonal[first] + layer.Diagonal[second] - (2 * coupling);
        float slope = gradient.Span[first] - gradient.Span[second];
        if (Math.Abs(slope) * 2 <= curvature * scale)
            return;
        int sign = Math.Sign(sum);
        float wanted = sign * (codes[first] - (slope / (curvature * scale)));
        int code = sign * Math.Clamp(PairSafeChannel.Round(wanted), PairSafeChannel.PairLimit - PairSafeChannel.CodeLimit, PairSafeChannel.CodeLimit);
        int change = code - codes[first];
        Move(first, change, start, end);
        Move(second, -change, start, end);
    }

    private void Move(int j, int change, int start, int end)
    {
        if (change == 0)
            return;
        float step = change * scale;
        gain -= step * ((2.0 * gradient.Span[j]) + ((double)step * layer.Diagonal[j]));
        weights.CodesOf(channel)[j] += (sbyte)change;
        RowSumKernel.Add(layer.Gram, weights.Columns, [j], [step], start, gradient.Span[start..end]);
        (changed[count], changes[count++]) = (j, step);
    }

    private void Pass(int start, int end) =>
        RowSumKernel.Add(layer.Gram, weights.Columns, changed.AsSpan(0, count), changes.AsSpan(0, count), start, gradient.Span[start..end]);
}
