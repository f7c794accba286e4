namespace QuantBuild.Differentiation.Operators;

/// <summary>What every position of a convolution's result is multiplied with, as the columns of a matrix [channels · kernel, positions].</summary>
internal static class ColumnImage
{
    /// <param name="image">[channels, height, width]</param>
    public static void Unfold(ReadOnlySpan<float> image, int channels, Window window, Placed placed, Span<float> columns)
    {
        for (int row = 0; row < channels * window.KernelHeight * window.KernelWidth; row++)
        {
            (int channel, int shiftY, int shiftX) = Position(row, window, placed);
            ReadOnlySpan<float> plane = image.Slice(channel * placed.Area, placed.Area);
            Span<float> to = columns.Slice(row * placed.OutArea, placed.OutArea);
            for (int y = 0; y < placed.OutHeight; y++)
            {
                int fromY = (y * window.StrideY) + shiftY;
                Span<float> line = to.Slice(y * placed.OutWidth, placed.OutWidth);
                if ((uint)fromY >= (uint)placed.Height)
                {
                    line.Clear();
                    continue;
                }
                ReadOnlySpan<float> from = plane.Slice(fromY * placed.Width, placed.Width);
                for (int x = 0, fromX = shiftX; x < line.Length; x++, fromX += window.StrideX)
                    line[x] = (uint)fromX < (uint)from.Length ? from[fromX] : 0;
            }
        }
    }

    /// <summary>Adds the columns back to where they were read.</summary>
    public static void AddFolded(ReadOnlySpan<float> columns, int channels, Window window, Placed placed, Span<float> image)
    {
        for (int row = 0; row < channels * window.KernelHeight * window.KernelWidth; row++)
        {
            (int channel, int shiftY, int shiftX) = Position(row, window, placed);
            Span<float> plane = image.Slice(channel * placed.Area, placed.Area);
            ReadOnlySpan<float> from = columns.Slice(row * placed.OutArea, placed.OutArea);
            for (int y = 0; y < placed.OutHeight; y++)
            {
                int toY = (y * window.StrideY) + shiftY;
                if ((uint)toY >= (uint)placed.Height)
                    continue;
                Span<float> line = plane.Slice(toY * placed.Width, placed.Width);
                for (int x = 0, toX = shiftX; x < placed.OutWidth; x++, toX += window.StrideX)
                    if ((uint)toX < (uint)line.Length)
                        line[toX] += from[(y * placed.OutWidth) + x];
            }
        }
    }

    private static (int Channel, int ShiftY, int ShiftX) Position(int row, Window window, Placed placed)
    {
        int kernel = window.KernelHeight * window.KernelWidth;
        int tap = row % kernel;
        return (
            row / kernel,
            (tap / window.KernelWidth * window.DilationY) - placed.Top,
            (tap % window.KernelWidth * window.DilationX) - placed.Left);
    }
}
