namespace QuantBuild.Differentiation.Operators;

/// <summary>
/// A padded plane, taken apart by the remainders of its positions modulo the strides. What one weight of the kernel is multiplied with then lies in one
/// piece, whatever the stride: the result's rows, laid out with the pitch of the parts, and that piece run side by side.
/// </summary>
internal sealed class PhasePlanes
{
    private readonly Window window;
    private readonly Placed placed;
    private readonly int phaseHeight;

    public PhasePlanes(Window window, Placed placed)
    {
        this.window = window;
        this.placed = placed;
        Pitch = placed.OutWidth + ((window.KernelWidth - 1) * window.DilationX / window.StrideX);
        phaseHeight = placed.OutHeight + ((window.KernelHeight - 1) * window.DilationY / window.StrideY);
        Span = ((placed.OutHeight - 1) * Pitch) + placed.OutWidth;
    }

    /// <summary>Elements from one row of a part to the next.</summary>
    public int Pitch { get; }

    /// <summary>Elements of the result laid out with the pitch.</summary>
    public int Span { get; }

    /// <summary>Elements of all parts.</summary>
    public int Length => phaseHeight * Pitch * window.StrideY * window.StrideX;

    /// <summary>Where that starts which a weight of the kernel is multiplied with.</summary>
    public int StartOf(int tap)
    {
        int y = tap / window.KernelWidth * window.DilationY;
        int x = tap % window.KernelWidth * window.DilationX;
        int phase = (y % window.StrideY * window.StrideX) + (x % window.StrideX);
        return (phase * phaseHeight * Pitch) + (y / window.StrideY * Pitch) + (x / window.StrideX);
    }

    public void Split(ReadOnlySpan<float> plane, Span<float> parts)
    {
        for (int row = 0; row < phaseHeight * window.StrideY * window.StrideX; row++)
        {
            Span<float> to = parts.Slice(row * Pitch, Pitch);
            (int y, int x) = SourceOf(row);
            if ((uint)y >= (uint)placed.Height)
            {
                to.Clear();
                continue;
            }
            ReadOnlySpan<float> from = plane.Slice(y * placed.Width, placed.Width);
            for (int i = 0; i < to.Length; i++, x += window.StrideX)
                to[i] = (uint)x < (uint)from.Length ? from[x] : 0;
        }
    }

    public void AddJoined(ReadOnlySpan<float> parts, Span<float> plane)
    {
        for (int row = 0; row < phaseHeight * window.StrideY * window.StrideX; row++)
        {
            ReadOnlySpan<float> from = parts.Slice(row * Pitch, Pitch);
            (int y, int x) = SourceOf(row);
            if ((uint)y >= (uint)placed.Height)
                continue;
            Span<float> to = plane.Slice(y * placed.Width, placed.Width);
            for (int i = 0; i < from.Length; i++, x += window.StrideX)
                if ((uint)x < (uint)to.Length)
                    to[x] += from[i];
        }
    }

    /// <summary>Lays the result out with the pitch, zeros in between.</summary>
    public void Spread(ReadOnlySpan<float> result, Span<float> spread)
    {
        for (int y = 0; y < placed.OutHeight; y++)
        {
            int length = Math.Min(Pitch, Span - (y * Pitch));
            Span<float> to = spread.Slice(y * Pitch, length);
            result.Slice(y * placed.OutWidth, placed.OutWidth).CopyTo(to);
            to[placed.OutWidth..].Clear();
        }
    }

    public void Gather(ReadOnlySpan<float> spread, Span<float> result)
    {
        for (int y = 0; y < placed.OutHeight; y++)
            spread.Slice(y * Pitch, placed.OutWidth).CopyTo(result.Slice(y * placed.OutWidth, placed.OutWidth));
    }

    private (int Y, int X) SourceOf(int row)
    {
        (int phase, int y) = Math.DivRem(row, phaseHeight);
        return ((y * window.StrideY) + (phase / window.StrideX) - placed.Top, (phase % window.StrideX) - placed.Left);
    }
}
