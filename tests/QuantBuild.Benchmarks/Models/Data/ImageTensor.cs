namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Images as models take them.</summary>
internal static class ImageTensor
{
    private const int Colors = 3;

    private const float Brightest = 255;

    /// <summary>[H, W, 3], red first, from −1 to 1.</summary>
    public static float[] HeightWidthChannel(Raster image)
    {
        var values = new float[image.Height * image.Width * Colors];
        for (int i = 0; i < values.Length; i++)
            values[i] = (image.Pixels[(i / Colors * Raster.Channels) + (i % Colors)] / (Brightest / 2)) - 1;
        return values;
    }

    /// <summary>[3, H, W], blue first, (value ÷ 255 − mean) ÷ deviation.</summary>
    /// <param name="mean">Per plane.</param>
    /// <param name="deviation">Per plane.</param>
    public static float[] ChannelHeightWidth(Raster image, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        int pixels = image.Height * image.Width;
        var values = new float[Colors * pixels];
        for (int plane = 0; plane < Colors; plane++)
            for (int i = 0; i < pixels; i++)
            {
                float value = image.Pixels[(i * Raster.Channels) + (Colors - 1 - plane)];
                values[(plane * pixels) + i] = ((value / Brightest) - mean[plane]) / deviation[plane];
            }
        return values;
    }
}
