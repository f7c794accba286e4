using QuantBuild.Calibration;

namespace QuantBuild.Equalization;

/// <summary>What was seen of every channel of a value that nodes with weights read.</summary>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="Squares">Mean square.</param>
/// <param name="Variances">Mean square of the distance from the mean.</param>
internal sealed record ChannelStatistics(float[] Low, float[] High, double[] Squares, double[] Variances)
{
    public int Count => Low.Length;

    /// <param name="rows">As a reader of the value sees it.</param>
    /// <param name="reader">The same one.</param>
    public static ChannelStatistics Of(InputRows rows, WeightedReader reader)
    {
        int channels = reader.Channels;
        float[] low = [.. Enumerable.Repeat(float.PositiveInfinity, channels)];
        float[] high = [.. Enumerable.Repeat(float.NegativeInfinity, channels)];
        var sums = new double[channels];
        var squares = new double[channels];
        var counts = new long[channels];
        for (int group = 0; group < rows.Groups; group++)
        {
            int[] channelOf = [.. Enumerable.Range(0, rows.Columns).Select(column => reader.ChannelOfColumn(group, column))];
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> values = rows.Row(row, group);
                for (int column = 0; column < values.Length; column++)
                {
                    float value = values[column];
                    int channel = channelOf[column];
                    low[channel] = Math.Min(low[channel], value);
                    high[channel] = Math.Max(high[channel], value);
                    sums[channel] += value;
                    squares[channel] += (double)value * value;
                    counts[channel]++;
                }
            }
        }
        var variances = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double mean = sums[channel] / counts[channel];
            squares[channel] /= counts[channel];
            variances[channel] = Math.Max(0, squares[channel] - (mean * mean));
        }
        return new ChannelStatistics(low, high, squares, variances);
    }
}
