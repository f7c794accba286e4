using QuantBuild.Calibration;

namespace QuantBuild.Equalization;

/// <summary>What was seen of every channel of a value that nodes with weights read.</summary>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="Squares">Mean square.</param>
/// <param name="Variances">Mean square of the distance from the mean.</param>
/// <param name="Rounded">Part of the values that are not zero, which is always exact.</param>
/// <param name="Tails">What lies beyond a bound.</param>
internal sealed record ChannelStatistics(
    float[] Low, float[] High, double[] Squares, double[] Variances, double[] Rounded, ChannelTail[] Tails)
{
    /// <summary>Columns that are gone through together, so that the tails of their channels stay in the cache.</summary>
    private const int ColumnsTogether = 32;

    public int Count => Low.Length;

    /// <param name="rows">As a reader of the value sees it; at least one.</param>
    /// <param name="reader">The same one.</param>
    public static ChannelStatistics Of(InputRows rows, WeightedReader reader)
    {
        int channels = reader.Channels;
        float[] low = [.. Enumerable.Repeat(float.PositiveInfinity, channels)];
        float[] high = [.. Enumerable.Repeat(float.NegativeInfinity, channels)];
        var sums = new double[channels];
        var squares = new double[channels];
        var counts = new long[channels];
        var rounded = new double[channels];
        int[] channelOf =
        [
            .. Enumerable.Range(0, rows.Groups).SelectMany(group => Enumerable.Range(0, rows.Columns).Select(column => reader.ChannelOfColumn(group, column))),
        ];
        int length = channelOf.Length;
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> values = rows.Values.AsSpan(row * length, length);
            for (int i = 0; i < values.Length; i++)
            {
                int channel = channelOf[i];
                float value = values[i];
                low[channel] = Math.Min(low[channel], value);
                high[channel] = Math.Max(high[channel], value);
                sums[channel] += value;
                squares[channel] += (double)value * value;
                rounded[channel] += value == 0 ? 0 : 1;
                counts[channel]++;
            }
        }
        var variances = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double mean = sums[channel] / counts[channel];
            squares[channel] /= counts[channel];
            rounded[channel] /= counts[channel];
            variances[channel] = Math.Max(0, squares[channel] - (mean * mean));
        }
        ChannelTail[] tails = [.. low.Zip(high, (least, most) => new ChannelTail(least, most))];
        for (int first = 0; first < length; first += ColumnsTogether)
            for (int row = 0; row < rows.Count; row++)
                for (int i = first; i < Math.Min(first + ColumnsTogether, length); i++)
                    tails[channelOf[i]].Add(rows.Values[(row * length) + i]);
        foreach (ChannelTail tail in tails)
            tail.Complete();
        return new ChannelStatistics(low, high, squares, variances, rounded, tails);
    }
}
