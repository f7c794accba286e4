namespace QuantBuild.Imaging;

// The class below is also written into generated classes: C# 7.3, netstandard2.0, names from the root.

/// <summary>What is done to one row of pixels. Sums are exact integers, so that the order of the additions does not matter.</summary>
internal static class PixelRows
{
    private const int Half = 1 << (PixelAxis.WeightBits - 1);

    /// <summary>Brings pixels to red, green, blue, or to grey by the weights 0.299, 0.587 and 0.114 in 16 bits, as Pillow does.</summary>
    public static void Convert(
        global::System.ReadOnlySpan<byte> pixels, global::System.Span<byte> line, int width, int channels, int format, int bytesPerPixel)
    {
        if (format == (channels == 1 ? PixelPipeline.Gray8 : PixelPipeline.Rgb24))
        {
            pixels.Slice(0, width * channels).CopyTo(line);
            return;
        }
        bool isGrey = format == PixelPipeline.Gray8;
        bool isBlueFirst = format == PixelPipeline.Bgr24 || format == PixelPipeline.Bgra32;
        int redAt = isBlueFirst ? 2 : 0;
        int greenAt = isGrey ? 0 : 1;
        int blueAt = isGrey || isBlueFirst ? 0 : 2;
        int source = 0;
        for (int x = 0; x < width; x++, source += bytesPerPixel)
        {
            byte red = pixels[source + redAt];
            byte green = pixels[source + greenAt];
            byte blue = pixels[source + blueAt];
            if (channels == 1)
            {
                line[x] = (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
                continue;
            }
            line[3 * x] = red;
            line[(3 * x) + 1] = green;
            line[(3 * x) + 2] = blue;
        }
    }

    /// <summary>Makes the new pixels of one row.</summary>
    public static void Narrow(global::System.ReadOnlySpan<byte> line, PixelAxis axis, int channels, global::System.Span<byte> destination)
    {
        int[] weights = axis.Weights;
        int target = 0;
        for (int x = 0; x < axis.Starts.Length; x++)
        {
            int source = axis.Starts[x] * channels;
            int weight = x * axis.MostCount;
            int end = weight + axis.Counts[x];
            if (axis.IsCopy)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    destination[target++] = line[source + channel];
                }
            }
            else if (channels == 3)
            {
                int red = Half, green = Half, blue = Half;
                for (; weight < end; weight++, source += 3)
                {
                    int factor = weights[weight];
                    red += line[source] * factor;
                    green += line[source + 1] * factor;
                    blue += line[source + 2] * factor;
                }
                destination[target] = Clip(red);
                destination[target + 1] = Clip(green);
                destination[target + 2] = Clip(blue);
                target += 3;
            }
            else
            {
                int grey = Half;
                for (; weight < end; weight++, source++)
                {
                    grey += line[source] * weights[weight];
                }
                destination[target++] = Clip(grey);
            }
        }
    }

    /// <summary>Makes one new row of the rows that follow each other from <paramref name="start"/> on, as long as the new one.</summary>
    public static void Mix(byte[] rows, int start, PixelAxis axis, int index, global::System.Span<byte> destination)
    {
        if (axis.IsCopy)
        {
            new global::System.ReadOnlySpan<byte>(rows, start, destination.Length).CopyTo(destination);
            return;
        }
        global::System.ReadOnlySpan<int> weights =
            new global::System.ReadOnlySpan<int>(axis.Weights, index * axis.MostCount, axis.Counts[index]);
        for (int x = MixVectors(rows, start, weights, destination); x < destination.Length; x++)
        {
            int sum = Half;
            int source = start + x;
            for (int tap = 0; tap < weights.Length; tap++, source += destination.Length)
            {
                sum += rows[source] * weights[tap];
            }
            destination[x] = Clip(sum);
        }
    }

    /// <returns>How many bytes were made: all but less than a vector, or none where there are no vectors.</returns>
    private static int MixVectors(
        byte[] rows, int start, global::System.ReadOnlySpan<int> weights, global::System.Span<byte> destination)
    {
#if !NETCOREAPP && !NETSTANDARD2_1_OR_GREATER
        return 0;
    }
#else
        if (!global::System.Numerics.Vector.IsHardwareAccelerated)
        {
            return 0;
        }
        int step = global::System.Numerics.Vector<byte>.Count;
        global::System.Numerics.Vector<int> largest = new global::System.Numerics.Vector<int>((256 << PixelAxis.WeightBits) - 1);
        global::System.Span<int> sums = stackalloc int[step];
        global::System.Span<global::System.Numerics.Vector<int>> vectors =
            global::System.Runtime.InteropServices.MemoryMarshal.Cast<int, global::System.Numerics.Vector<int>>(sums);
        int x = 0;
        for (; x <= destination.Length - step; x += step)
        {
            global::System.Numerics.Vector<int> sum0 = new global::System.Numerics.Vector<int>(Half);
            global::System.Numerics.Vector<int> sum1 = sum0;
            global::System.Numerics.Vector<int> sum2 = sum0;
            global::System.Numerics.Vector<int> sum3 = sum0;
            int source = start + x;
            for (int tap = 0; tap < weights.Length; tap++, source += destination.Length)
            {
                int weight = weights[tap];
                global::System.Numerics.Vector<ushort> low, high;
                global::System.Numerics.Vector<uint> part0, part1, part2, part3;
                global::System.Numerics.Vector.Widen(new global::System.Numerics.Vector<byte>(rows, source), out low, out high);
                global::System.Numerics.Vector.Widen(low, out part0, out part1);
                global::System.Numerics.Vector.Widen(high, out part2, out part3);
                sum0 += global::System.Numerics.Vector.AsVectorInt32(part0) * weight;
                sum1 += global::System.Numerics.Vector.AsVectorInt32(part1) * weight;
                sum2 += global::System.Numerics.Vector.AsVectorInt32(part2) * weight;
                sum3 += global::System.Numerics.Vector.AsVectorInt32(part3) * weight;
            }
            vectors[0] = Clamp(sum0, largest);
            vectors[1] = Clamp(sum1, largest);
            vectors[2] = Clamp(sum2, largest);
            vectors[3] = Clamp(sum3, largest);
            for (int i = 0; i < sums.Length; i++)
            {
                destination[x + i] = (byte)(sums[i] >> PixelAxis.WeightBits);
            }
        }
        return x;
    }

    private static global::System.Numerics.Vector<int> Clamp(
        global::System.Numerics.Vector<int> sum, global::System.Numerics.Vector<int> largest)
    {
        return global::System.Numerics.Vector.Min(
            global::System.Numerics.Vector.Max(sum, global::System.Numerics.Vector<int>.Zero), largest);
    }
#endif

    private static byte Clip(int sum)
    {
        int value = sum >> PixelAxis.WeightBits;
        return (byte)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}
