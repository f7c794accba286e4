namespace QuantBuild.Reconstruction;

/// <summary>Improves the codes of one output channel one after the other, each to the best integer while the others stand, until none changes.</summary>
/// <remarks>
/// The error is the quadratic form of <see cref="LayerGram"/>. With the gradient <c>r = Gŵ − Cᵀw</c> the best value of one weight alone is <c>ŵ_j − r_j / G_jj</c>,
/// and a change of it by δ adds <c>δ · G_j</c> to r (QuantEase, Behdin and others 2023). Pairs stay safe (<see cref="PairSafeChannel"/>).
/// </remarks>
internal static class CoordinateDescent
{
    private const int MostSweeps = 12;

    /// <param name="weights">Of the channel, in the kernel's order.</param>
    /// <param name="codes">Changed.</param>
    /// <returns>The error, without the part that depends on the float weights alone.</returns>
    public static double Improve(ReadOnlySpan<float> weights, LayerGram layer, float scale, bool pairs, Span<sbyte> codes)
    {
        int columns = layer.Columns;
        var target = new float[columns];
        var gradient = new float[columns];
        for (int i = 0; i < columns; i++)
        {
            AddScaled(layer.Cross.AsSpan(i * columns, columns), weights[i], target);
            if (codes[i] != 0)
                AddScaled(layer.Gram.AsSpan(i * columns, columns), codes[i] * scale, gradient);
        }
        AddScaled(target, -1, gradient);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool changed = false;
            for (int j = 0; j < columns; j++)
            {
                float wanted = codes[j] - (gradient[j] / layer.Gram[(j * columns) + j] / scale);
                int code = (int)Math.Clamp(MathF.Round(wanted, MidpointRounding.ToEven), -PairSafeChannel.CodeLimit, PairSafeChannel.CodeLimit);
                if (pairs && (j ^ 1) < columns)
                    code = BesidePartner(code, codes[j ^ 1]);
                int change = code - codes[j];
                if (change == 0)
                    continue;
                codes[j] = (sbyte)code;
                AddScaled(layer.Gram.AsSpan(j * columns, columns), change * scale, gradient);
                changed = true;
            }
            if (!changed)
                break;
        }
        double error = 0;
        for (int i = 0; i < columns; i++)
            error += (double)codes[i] * scale * (gradient[i] - target[i]);
        return error;
    }

    /// <summary>The factor on the scale that serves the codes best: <c>(ŵ·Cᵀw) / (ŵ·Gŵ)</c>.</summary>
    public static double BestFactor(ReadOnlySpan<float> weights, LayerGram layer, float scale, ReadOnlySpan<sbyte> codes)
    {
        int columns = layer.Columns;
        var target = new float[columns];
        var product = new float[columns];
        for (int i = 0; i < columns; i++)
        {
            AddScaled(layer.Cross.AsSpan(i * columns, columns), weights[i], target);
            AddScaled(layer.Gram.AsSpan(i * columns, columns), codes[i] * scale, product);
        }
        double above = 0, below = 0;
        for (int i = 0; i < columns; i++)
        {
            above += (double)codes[i] * scale * target[i];
            below += (double)codes[i] * scale * product[i];
        }
        return below > 0 ? above / below : 1;
    }

    private static int BesidePartner(int code, int partner) =>
        code > 0 && partner > 0 ? Math.Min(code, PairSafeChannel.PairLimit - partner)
        : code < 0 && partner < 0 ? Math.Max(code, -PairSafeChannel.PairLimit - partner)
        : code;

    private static void AddScaled(ReadOnlySpan<float> row, float factor, Span<float> sum)
    {
        int width = System.Numerics.Vector<float>.Count;
        var f = new System.Numerics.Vector<float>(factor);
        int i = 0;
        for (; i <= row.Length - width; i += width)
            (new System.Numerics.Vector<float>(sum[i..]) + (new System.Numerics.Vector<float>(row[i..]) * f)).CopyTo(sum[i..]);
        for (; i < row.Length; i++)
            sum[i] += row[i] * factor;
    }
}
