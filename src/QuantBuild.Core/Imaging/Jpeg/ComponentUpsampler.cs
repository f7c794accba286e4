namespace QuantBuild.Imaging.Jpeg;

/// <summary>
/// Gives the rows of a component in the size of the picture. Halved components are interpolated with the triangle filter of libjpeg's
/// "fancy upsampling" (jdsample.c), 3/4 of the nearer and 1/4 of the farther sample; of other ratios, and of rows of one or two samples,
/// samples are repeated, as libjpeg does it.
/// </summary>
internal sealed class ComponentUpsampler
{
    private readonly JpegComponent component;
    private readonly int ratioX;
    private readonly int ratioY;
    private readonly byte[] row;
    private readonly int[] sums;

    /// <param name="ratioX">Columns of the picture for one of the component.</param>
    /// <param name="ratioY">Rows of the picture for one of the component.</param>
    public ComponentUpsampler(JpegComponent component, int ratioX, int ratioY, int imageWidth)
    {
        this.component = component;
        this.ratioX = ratioX;
        this.ratioY = ratioY;
        row = new byte[Math.Max(imageWidth, component.Width * ratioX)];
        sums = new int[component.Width];
    }

    /// <returns>At least as many samples as the picture is wide; valid until the next call.</returns>
    public ReadOnlySpan<byte> Row(int y)
    {
        ReadOnlySpan<byte> near = Samples(y / ratioY);
        ReadOnlySpan<byte> far = Samples((y / ratioY) + (y % ratioY == 0 ? -1 : 1));
        bool isWide = component.Width > 2;
        switch (ratioX, ratioY)
        {
            case (1, 1):
                return near;
            case (2, 1) when isWide:
                WidenRow(near);
                break;
            case (1, 2):
                Mix(near, far, bias: y % 2 == 0 ? 1 : 2);
                break;
            case (2, 2) when isWide:
                WidenMixedRow(near, far);
                break;
            default:
                Repeat(near);
                break;
        }
        return row;
    }

    private ReadOnlySpan<byte> Samples(int y) =>
        component.Plane.AsSpan(Math.Clamp(y, 0, component.Height - 1) * component.Stride, component.Width);

    private void Repeat(ReadOnlySpan<byte> samples)
    {
        for (int x = 0; x < samples.Length; x++)
            row.AsSpan(x * ratioX, ratioX).Fill(samples[x]);
    }

    private void Mix(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias)
    {
        for (int x = 0; x < near.Length; x++)
            row[x] = (byte)(((near[x] * 3) + far[x] + bias) >> 2);
    }

    private void WidenRow(ReadOnlySpan<byte> samples)
    {
        int last = samples.Length - 1;
        for (int x = 0; x <= last; x++)
        {
            int three = samples[x] * 3;
            row[2 * x] = x == 0 ? samples[0] : (byte)((three + samples[x - 1] + 1) >> 2);
            row[(2 * x) + 1] = x == last ? samples[last] : (byte)((three + samples[x + 1] + 2) >> 2);
        }
    }

    private void WidenMixedRow(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        for (int x = 0; x < near.Length; x++)
            sums[x] = (near[x] * 3) + far[x];
        int last = near.Length - 1;
        for (int x = 0; x <= last; x++)
        {
            int three = sums[x] * 3;
            row[2 * x] = (byte)((three + sums[Math.Max(x - 1, 0)] + 8) >> 4);
            row[(2 * x) + 1] = (byte)((three + sums[Math.Min(x + 1, last)] + 7) >> 4);
        }
    }
}
