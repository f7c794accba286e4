using QuantBuild.Differentiation;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>A weight in few bits while it is learned: real weights, which are rounded in every step, and a factor of every scale.</summary>
/// <remarks>
/// <code>
/// ŵ = Q(w / s) · s        Q: the nearest level
/// ∂ŵ/∂w = 1 between the first and the last level, else 0        (straight through)
/// ∂ŵ/∂s = Q(w / s) − w / s between them, else the level         (learned step size)
/// </code>
/// w is kept in units of the first scale, s as a factor of it, so that the same rates serve all layers. A weight starts where it is in the float model,
/// or, where it was rounded elsewhere, at the nearest place that is rounded so.
/// </remarks>
internal sealed class LearnedWeight
{
    /// <summary>A scale stays above this part of its first value.</summary>
    private const float SmallestFactor = 0.1f;

    /// <summary>Distance from the border of two levels, as a part of the way between them.</summary>
    private const float Inset = 0.01f;

    private readonly LowBitWeight start;
    private readonly LevelGrid grid;
    private readonly float[] steps;
    private readonly float[] factors;
    private readonly float[] stepSlopes;
    private readonly float[] factorSlopes;
    private readonly Adam stepDescent;
    private readonly Adam factorDescent;

    /// <param name="real">The float weight, in the order of the tensor.</param>
    /// <param name="shape">Of the tensor.</param>
    public LearnedWeight(LowBitWeight start, ReadOnlySpan<float> real, int[] shape)
    {
        this.start = start;
        grid = start.Grid;
        Tensor = new DenseTensor(shape, new float[real.Length]);
        steps = start.Matrix.ToRows(real);
        factors = new float[grid.Scales.Length];
        Array.Fill(factors, 1);
        stepSlopes = new float[steps.Length];
        factorSlopes = new float[factors.Length];
        stepDescent = new Adam(steps.Length);
        factorDescent = new Adam(factors.Length);
        for (int channel = 0, i = 0; channel < grid.Channels; channel++)
            for (int column = 0; column < grid.Columns; column++, i++)
                steps[i] = Start(steps[i] / grid.Scales[grid.BlockOf(channel, column)], channel, column, start.Codes[i]);
    }

    /// <summary>What the weights are rounded to, in the order of the tensor.</summary>
    public DenseTensor Tensor { get; }

    /// <summary>Rounds the channels from one on.</summary>
    public void Round(int firstChannel, int endChannel)
    {
        Span<float> tensor = Tensor.Values;
        for (int channel = firstChannel; channel < endChannel; channel++)
        {
            float[]? levels = grid.LevelsOf(channel);
            for (int column = 0; column < grid.Columns; column++)
            {
                int block = grid.BlockOf(channel, column);
                int i = (channel * grid.Columns) + column;
                tensor[start.Matrix.PositionOf(channel, column)] =
                    LevelAt(levels, block, CodeOf(levels, block, steps[i] / factors[block])) * (grid.Scales[block] * factors[block]);
            }
        }
    }

    /// <summary>Takes the gradient of <see cref="Tensor"/> back to the weights and scales of some channels.</summary>
    public void Collect(ReadOnlySpan<float> gradient, int firstChannel, int endChannel)
    {
        factorSlopes.AsSpan(firstChannel * grid.BlocksPerChannel, (endChannel - firstChannel) * grid.BlocksPerChannel).Clear();
        for (int channel = firstChannel; channel < endChannel; channel++)
        {
            float[]? levels = grid.LevelsOf(channel);
            for (int column = 0; column < grid.Columns; column++)
            {
                int block = grid.BlockOf(channel, column);
                int i = (channel * grid.Columns) + column;
                float real = steps[i] / factors[block];
                float level = LevelAt(levels, block, CodeOf(levels, block, real));
                float slope = gradient[start.Matrix.PositionOf(channel, column)] * grid.Scales[block];
                bool isInside = IsInside(levels, block, real);
                stepSlopes[i] = isInside ? slope : 0;
                factorSlopes[block] += slope * (isInside ? level - real : level);
            }
        }
    }

    public void Step(float weightRate, float scaleRate)
    {
        stepDescent.Step(steps, stepSlopes, weightRate);
        factorDescent.Step(factors, factorSlopes, scaleRate);
        foreach (ref float factor in factors.AsSpan())
            factor = Math.Max(factor, SmallestFactor);
    }

    public LowBitWeight ToWeight()
    {
        var codes = new byte[steps.Length];
        for (int channel = 0, i = 0; channel < grid.Channels; channel++)
            for (int column = 0; column < grid.Columns; column++, i++)
            {
                int block = grid.BlockOf(channel, column);
                codes[i] = (byte)CodeOf(grid.LevelsOf(channel), block, steps[i] / factors[block]);
            }
        return start with { Grid = grid with { Scales = [.. grid.Scales.Zip(factors, (scale, factor) => scale * factor)] }, Codes = codes };
    }

    public int Channels => grid.Channels;

    /// <summary>The place nearest to a real weight that is rounded to a code.</summary>
    private float Start(float real, int channel, int column, int code)
    {
        float[]? levels = grid.LevelsOf(channel);
        int block = grid.BlockOf(channel, column);
        float level = LevelAt(levels, block, code);
        float low = code == 0 ? float.NegativeInfinity : Between(LevelAt(levels, block, code - 1), level);
        float high = code == grid.LevelCount - 1 ? float.PositiveInfinity : Between(LevelAt(levels, block, code + 1), level);
        return Math.Clamp(real, low, high);
    }

    private static float Between(float other, float own) => ((other + own) / 2) + ((own - other) * Inset);

    private bool IsInside(float[]? levels, int block, float real)
    {
        float first = LevelAt(levels, block, 0);
        float last = LevelAt(levels, block, grid.LevelCount - 1);
        float reach = (last - first) / (2 * (grid.LevelCount - 1));
        return real >= first - reach && real <= last + reach;
    }

    private float LevelAt(float[]? levels, int block, int code) => levels is null ? code - grid.ZeroOf(block) : levels[code];

    private int CodeOf(float[]? levels, int block, float real)
    {
        if (levels is null)
            return Math.Clamp((int)MathF.Round(real) + grid.ZeroOf(block), 0, grid.LevelCount - 1);
        int code = 0;
        while (code < levels.Length - 1 && real - levels[code] > levels[code + 1] - real)
            code++;
        return code;
    }
}
