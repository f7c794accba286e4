namespace QuantBuild.Imaging.Jpeg;

/// <summary>Makes pixels of the components: brings them to one size and turns luminance and colour differences into red, green, blue.</summary>
internal static class JpegColours
{
    private const int FractionBits = 16;

    // The factors of JFIF times 2¹⁶, rounded, as in jdcolor.c of libjpeg.
    private const int RedOfCr = 91881;
    private const int BlueOfCb = 116130;
    private const int GreenOfCr = -46802;
    private const int GreenOfCb = -22554;

    public static PixelImage Join(JpegFrame frame, bool areYcc)
    {
        int channels = frame.Components.Count;
        PixelImage image = PixelImage.Allocate(frame.Width, frame.Height, channels);
        ComponentUpsampler[] upsamplers =
        [
            .. frame.Components.Select(component =>
                new ComponentUpsampler(component, frame.MostHorizontal / component.Horizontal, frame.MostVertical / component.Vertical, frame.Width)),
        ];
        for (int y = 0; y < frame.Height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int channel = 0; channel < channels; channel++)
            {
                ReadOnlySpan<byte> samples = upsamplers[channel].Row(y);
                for (int x = 0, target = channel; x < frame.Width; x++, target += channels)
                    row[target] = samples[x];
            }
            if (areYcc)
                ConvertToRgb(row);
        }
        return image;
    }

    private static void ConvertToRgb(Span<byte> row)
    {
        const int Half = 1 << (FractionBits - 1);
        for (int i = 0; i + 2 < row.Length; i += 3)
        {
            int y = row[i];
            int cb = row[i + 1] - 128;
            int cr = row[i + 2] - 128;
            row[i] = Clamp(y + (((RedOfCr * cr) + Half) >> FractionBits));
            row[i + 1] = Clamp(y + (((GreenOfCb * cb) + (GreenOfCr * cr) + Half) >> FractionBits));
            row[i + 2] = Clamp(y + (((BlueOfCb * cb) + Half) >> FractionBits));
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
