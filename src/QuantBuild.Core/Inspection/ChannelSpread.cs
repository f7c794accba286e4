namespace QuantBuild.Inspection;

/// <summary>Mean and standard deviation of every channel of a tensor [N, C, …].</summary>
internal sealed record ChannelSpread(double[] Mean, double[] Deviation)
{
    /// <returns>Null for a tensor of another form.</returns>
    public static ChannelSpread? Of(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int channelAxis)
    {
        if (shape.Length < 2 || values.IsEmpty)
            return null;
        int channels = checked((int)shape[channelAxis]);
        int inner = 1;
        foreach (long dimension in shape[(channelAxis + 1)..])
            inner = checked(inner * (int)dimension);
        double[] sum = new double[channels];
        double[] squares = new double[channels];
        int rows = values.Length / inner;
        for (int row = 0; row < rows; row++)
        {
            int channel = row % channels;
            foreach (float value in values.Slice(row * inner, inner))
            {
                sum[channel] += value;
                squares[channel] += (double)value * value;
            }
        }
        double count = (double)values.Length / channels;
        double[] mean = [.. sum.Select(one => one / count)];
        return new ChannelSpread(mean, [.. squares.Select((one, i) => Math.Sqrt(Math.Max(0, (one / count) - (mean[i] * mean[i]))))]);
    }
}
