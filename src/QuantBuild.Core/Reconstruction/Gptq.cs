using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction;

/// <summary>Rounds one column after the other, each to make up for what rounding the columns before it did to the output.</summary>
/// <remarks>
/// GPTQ (Frantar and others 2022) in the form of LDLQ (Chee and others 2023, who show that they are the same): with <c>G = U·D·Uᵀ</c>, U unit upper
/// triangular, the error is <c>Σ_k D_k · (d_k + Σ_{i&lt;k} U_ik · d_i)²</c> for <c>d = ŵ − w</c>, so that column k is rounded from <c>w_k − Σ_{i&lt;k} U_ik · d_i</c>.
/// Columns stay in their order; the second code of a pair is limited by the first. <see cref="LayerGram.Drift"/> is not taken into account.
/// </remarks>
internal static class Gptq
{
    /// <summary>Writes <see cref="LayerWeights.Codes"/>; scales stay.</summary>
    public static void Round(LayerGram layer, LayerWeights weights, int maximumThreads = -1)
    {
        float[] feedback = UnitUpperFactor.Of(layer, maximumThreads);
        weights.ForEachTile(maximumThreads, (first, end) =>
        {
            int columns = weights.Columns;
            float[] wanted = weights.Weights[(first * columns)..(end * columns)];
            for (int start = 0; start < columns; start += RowSumKernel.BlockRows)
                for (int channel = first; channel < end; channel++)
                    RoundBlock(
                        feedback, weights, channel, wanted.AsSpan((channel - first) * columns, columns), start, Math.Min(start + RowSumKernel.BlockRows, columns));
        });
    }

    /// <param name="wanted">Of the channel; takes what the block leaves to the columns behind it.</param>
    private static void RoundBlock(float[] feedback, LayerWeights weights, int channel, Span<float> wanted, int start, int end)
    {
        Span<int> rows = stackalloc int[end - start];
        Span<float> missing = stackalloc float[end - start];
        Span<sbyte> codes = weights.CodesOf(channel);
        float scale = weights.Scales[channel];
        for (int j = start; j < end; j++)
        {
            float value = wanted[j] / scale;
            int code = weights.Pairs && (j & 1) == 1 ? PairSafeChannel.RoundBeside(codes[j - 1], value) : PairSafeChannel.Round(value);
            codes[j] = (sbyte)code;
            rows[j - start] = j;
            missing[j - start] = weights.WeightsOf(channel)[j] - (code * scale);
            RowSumKernel.Add(feedback, weights.Columns, [j], [missing[j - start]], j + 1, wanted[(j + 1)..end]);
        }
        RowSumKernel.Add(feedback, weights.Columns, rows, missing, end, wanted[end..]);
    }
}
