namespace QuantBuild.Imaging;

// The class below is also written into generated classes: C# 7.3, netstandard2.0, names from the root.

/// <summary>
/// Makes the input of a model from a picture: colours, size, crop, then numbers. Sizes and crops are those of torchvision, resampling is
/// that of Pillow in integers, and a number is (value / divisor + offset − mean) / std, every step rounded to float32.
/// </summary>
internal sealed class PixelPipeline
{
    /// <summary>Formats of pixels, as numbers: red first, blue first, both with a fourth byte that is dropped, and grey.</summary>
    public const int Rgb24 = 0, Bgr24 = 1, Rgba32 = 2, Bgra32 = 3, Gray8 = 4;

    private const int LongestSide = 1 << 24;

    private const long MostElements = 1L << 28;

    private readonly int _channels;
    private readonly bool _isChannelsLast;
    private readonly bool _isBgr;
    private readonly int[] _resize;
    private readonly int[] _crop;
    private readonly int _filterRadius;
    private readonly int _modelWidth;
    private readonly int _modelHeight;
    private readonly float[] _table;

    /// <param name="channels">1 for grey, 3 for colours.</param>
    /// <param name="isChannelsLast">Whether the channels of a pixel lie beside each other in the input.</param>
    /// <param name="isBgr">Whether the model takes blue first.</param>
    /// <param name="resize">Empty, the shorter side, or width and height.</param>
    /// <param name="crop">Empty, or width and height.</param>
    /// <param name="filterRadius">As of <see cref="PixelAxis"/>.</param>
    /// <param name="divisor">What bytes are divided by.</param>
    /// <param name="offset">What is added then.</param>
    /// <param name="mean">One per channel, in the order in which the model takes them.</param>
    /// <param name="std">One per channel, in the order in which the model takes them.</param>
    /// <param name="modelWidth">The only width that the model takes; 0: any.</param>
    /// <param name="modelHeight">The only height that the model takes; 0: any.</param>
    public PixelPipeline(
        int channels, bool isChannelsLast, bool isBgr, int[] resize, int[] crop, int filterRadius,
        float divisor, float offset, float[] mean, float[] std, int modelWidth, int modelHeight)
    {
        _channels = channels;
        _isChannelsLast = isChannelsLast;
        _isBgr = isBgr && channels == 3;
        _resize = resize;
        _crop = crop;
        _filterRadius = filterRadius;
        _modelWidth = modelWidth;
        _modelHeight = modelHeight;
        _table = new float[channels * 256];
        for (int i = 0; i < _table.Length; i++)
        {
            float scaled = (float)((float)((i & 255) / divisor) + offset);
            _table[i] = (float)((float)(scaled - mean[i >> 8]) / std[i >> 8]);
        }
    }

    /// <summary>Checks a picture, and tells the size that it has in the model's input.</summary>
    /// <exception cref="global::System.ArgumentException">The picture cannot be one, or does not fit the model.</exception>
    public void Measure(int length, int width, int height, int stride, int format, out int outputWidth, out int outputHeight)
    {
        if (format < Rgb24 || format > Gray8)
        {
            throw new global::System.ArgumentException("There is no pixel format " + format + ".", "format");
        }
        if (width <= 0)
        {
            throw new global::System.ArgumentException("The width must be positive, but it is " + width + ".", "width");
        }
        if (height <= 0)
        {
            throw new global::System.ArgumentException("The height must be positive, but it is " + height + ".", "height");
        }
        long row = (long)width * BytesOf(format);
        if (stride < row)
        {
            throw new global::System.ArgumentException(
                "A row of " + width + " pixels takes " + row + " bytes, so the stride must be at least that, but it is " + stride + ".", "stride");
        }
        long needed = ((long)stride * (height - 1)) + row;
        if (length < needed)
        {
            throw new global::System.ArgumentException(
                "A picture of " + width + " × " + height + " pixels with a stride of " + stride + " takes " + needed + " bytes, but there are "
                + length + ".", "pixels");
        }
        int resizedWidth, resizedHeight;
        MeasureResized(width, height, out resizedWidth, out resizedHeight);
        outputWidth = _crop.Length == 0 ? resizedWidth : _crop[0];
        outputHeight = _crop.Length == 0 ? resizedHeight : _crop[1];
        if ((long)outputWidth * outputHeight > MostElements || (long)outputWidth * height > MostElements)
        {
            throw new global::System.ArgumentException(
                "The picture of " + width + " × " + height + " pixels would become too large: " + outputWidth + " × " + outputHeight + ".", "width");
        }
        if ((_modelWidth != 0 && outputWidth != _modelWidth) || (_modelHeight != 0 && outputHeight != _modelHeight))
        {
            throw new global::System.ArgumentException(
                "The model takes pictures of " + Name(_modelWidth) + " × " + Name(_modelHeight) + " pixels, but this one has " + outputWidth + " × "
                + outputHeight + ". Give one of that size, or set Resize or CenterCrop where the model is built.", "width");
        }
    }

    /// <summary>Fills an input of numbers: [3 or 1, height, width] or [height, width, 3 or 1], of the measured size.</summary>
    public void Fill(
        global::System.ReadOnlySpan<byte> pixels, int width, int height, int stride, int format, global::System.Span<float> destination)
    {
        byte[] bytes = Resample(pixels, width, height, stride, format, destination.Length);
        int plane = destination.Length / _channels;
        for (int channel = 0; channel < _channels; channel++)
        {
            global::System.ReadOnlySpan<float> table = new global::System.ReadOnlySpan<float>(_table, channel * 256, 256);
            int source = _isBgr ? 2 - channel : channel;
            int target = _isChannelsLast ? channel : channel * plane;
            int step = _isChannelsLast ? _channels : 1;
            for (int i = 0; i < plane; i++, source += _channels, target += step)
            {
                destination[target] = table[bytes[source]];
            }
        }
        global::System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Fills an input of bytes: [3 or 1, height, width] or [height, width, 3 or 1], of the measured size.</summary>
    public void Fill(
        global::System.ReadOnlySpan<byte> pixels, int width, int height, int stride, int format, global::System.Span<byte> destination)
    {
        byte[] bytes = Resample(pixels, width, height, stride, format, destination.Length);
        int plane = destination.Length / _channels;
        for (int channel = 0; channel < _channels; channel++)
        {
            int source = _isBgr ? 2 - channel : channel;
            int target = _isChannelsLast ? channel : channel * plane;
            int step = _isChannelsLast ? _channels : 1;
            for (int i = 0; i < plane; i++, source += _channels, target += step)
            {
                destination[target] = bytes[source];
            }
        }
        global::System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
    }

    private static string Name(int size)
    {
        return size == 0 ? "any" : size.ToString(global::System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int BytesOf(int format)
    {
        return format == Gray8 ? 1 : format >= Rgba32 ? 4 : 3;
    }

    private void MeasureResized(int width, int height, out int resizedWidth, out int resizedHeight)
    {
        resizedWidth = width;
        resizedHeight = height;
        if (_resize.Length == 2)
        {
            resizedWidth = _resize[0];
            resizedHeight = _resize[1];
        }
        else if (_resize.Length == 1)
        {
            long longer = (long)_resize[0] * global::System.Math.Max(width, height) / global::System.Math.Min(width, height);
            if (longer > LongestSide)
            {
                throw new global::System.ArgumentException(
                    "The picture of " + width + " × " + height + " pixels would get a side of " + longer + " pixels.", "width");
            }
            resizedWidth = width <= height ? _resize[0] : (int)longer;
            resizedHeight = width <= height ? (int)longer : _resize[0];
        }
    }

    /// <returns>[height, width, channels] in a rented array.</returns>
    private byte[] Resample(global::System.ReadOnlySpan<byte> pixels, int width, int height, int stride, int format, int length)
    {
        int outputWidth, outputHeight, resizedWidth, resizedHeight;
        Measure(pixels.Length, width, height, stride, format, out outputWidth, out outputHeight);
        MeasureResized(width, height, out resizedWidth, out resizedHeight);
        if (length != (long)outputWidth * outputHeight * _channels)
        {
            throw new global::System.ArgumentException("The destination does not have the size of the input.", "destination");
        }
        int left = Margin(resizedWidth, outputWidth);
        int top = Margin(resizedHeight, outputHeight);
        PixelAxis columns = new PixelAxis(
            width, resizedWidth, global::System.Math.Max(left, 0), global::System.Math.Min(resizedWidth, outputWidth), _filterRadius);
        PixelAxis rows = new PixelAxis(
            height, resizedHeight, global::System.Math.Max(top, 0), global::System.Math.Min(resizedHeight, outputHeight), _filterRadius);
        int firstRow = rows.Starts[0];
        int last = rows.Starts.Length - 1;
        int rowCount = rows.Starts[last] + rows.Counts[last] - firstRow;
        int rowBytes = columns.Starts.Length * _channels;

        byte[] output = global::System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        byte[] narrowed = global::System.Buffers.ArrayPool<byte>.Shared.Rent(rowCount * rowBytes);
        byte[] line = global::System.Buffers.ArrayPool<byte>.Shared.Rent(width * _channels);
        for (int y = 0; y < rowCount; y++)
        {
            PixelRows.Convert(pixels.Slice((firstRow + y) * stride), line, width, _channels, format, BytesOf(format));
            PixelRows.Narrow(line, columns, _channels, new global::System.Span<byte>(narrowed, y * rowBytes, rowBytes));
        }
        global::System.Array.Clear(output, 0, rowBytes * rows.Starts.Length == length ? 0 : length);
        for (int y = 0; y <= last; y++)
        {
            int target = ((((y + global::System.Math.Max(-top, 0)) * outputWidth) + global::System.Math.Max(-left, 0)) * _channels);
            PixelRows.Mix(narrowed, (rows.Starts[y] - firstRow) * rowBytes, rows, y, new global::System.Span<byte>(output, target, rowBytes));
        }
        global::System.Buffers.ArrayPool<byte>.Shared.Return(line);
        global::System.Buffers.ArrayPool<byte>.Shared.Return(narrowed);
        return output;
    }

    /// <summary>What is cut off at the start; negative: what is added. Halves are rounded as torchvision rounds them.</summary>
    private static int Margin(int length, int cropped)
    {
        int half = global::System.Math.Abs(length - cropped) / 2;
        if (length < cropped)
        {
            return -half;
        }
        return half + ((length - cropped) & half & 1);
    }
}
