namespace QuantBuild.Imaging;

/// <summary>Undoes the prediction that a PNG row was stored with.</summary>
internal static class PngFilter
{
    /// <param name="row">Differences to the prediction before, bytes of the picture after.</param>
    /// <param name="above">The row before, of the same length; zeros for the first.</param>
    /// <param name="distance">Bytes from one pixel to the next, at least 1.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (int i = 0; filter != 0 && i < row.Length; i++)
        {
            int left = i >= distance ? row[i - distance] : 0;
            int aboveLeft = i >= distance ? above[i - distance] : 0;
            row[i] += filter switch
            {
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], aboveLeft),
                _ => throw new InvalidDataException($"it has a row with the filter {filter}, which does not exist; the file is damaged"),
            };
        }
    }

    /// <summary>The neighbour that is nearest to left + above − aboveLeft.</summary>
    private static byte Paeth(int left, int above, int aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
            return (byte)left;
        return (byte)(toAbove <= toAboveLeft ? above : aboveLeft);
    }
}
