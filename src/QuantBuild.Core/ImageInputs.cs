using System.Globalization;
using QuantBuild.Diagnostics;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>What the image settings mean for one model.</summary>
internal static class ImageInputs
{
    /// <param name="isDataOfPictures">Whether the calibration data is pictures, which need a plan whatever is set.</param>
    /// <returns>Null when nothing is wanted of pictures, and when what is wanted is impossible, which is added to <paramref name="problems"/>.</returns>
    public static PixelPlan? Plan(QuantizationSettings settings, ModelSignature signature, bool isDataOfPictures, DiagnosticBag problems)
    {
        ImageSettings images = settings.Images;
        bool isDemanded = isDataOfPictures || images.OnItem.Count > 0;
        if (!isDemanded && images.OnProject.Count == 0)
            return null;
        string? reason = WhyNoPicture(signature, images.Layout, out PictureAxes? axes);
        if (axes is null)
        {
            if (isDemanded)
                problems.Add(DiagnosticCatalogue.NoImageInput.At(
                    new DiagnosticOrigin(settings.DisplayPath, images.OnItem.Count > 0 ? images.OnItem[0] : nameof(settings.CalibrationData)),
                    settings.DisplayPath,
                    images.OnItem.Count > 0 ? string.Join(", ", images.OnItem) : "CalibrationData with pictures",
                    reason));
            return null;
        }

        TensorSignature input = signature.Inputs[0];
        DiagnosticBag misfits = new();
        CheckSize(images, axes, Report);
        CheckValues(images, axes, input.ElementType, Report);
        problems.AddRange(misfits.Diagnostics);
        return misfits.HasErrors ? null : Decide(images, axes, input);

        void Report(string setting, string value, string why) => misfits.Add(DiagnosticCatalogue.ImageSettingMisfit.At(
            new DiagnosticOrigin(settings.DisplayPath, images.OnItem.Contains(setting) ? setting : null),
            setting, value, settings.DisplayPath, input, why));
    }

    private static string? WhyNoPicture(ModelSignature signature, ImageLayout layout, out PictureAxes? axes)
    {
        axes = null;
        if (signature.Inputs is not [var input])
            return $"it has {signature.Inputs.Count} inputs, and a picture is one";
        string described = $"its input '{input.Name}' is {input}";
        if (input.ElementType is not (OnnxElementType.Float or OnnxElementType.UInt8))
            return $"{described}, and pictures are given as float32 or uint8";
        if (input.Shape is not { Count: 3 or 4 } shape)
            return $"{described}, and a picture has three axes, or four with one for several pictures";
        OnnxDimension[] picture = [.. shape.Skip(shape.Count - 3)];
        bool isFirst = picture[0].Value is 1 or 3;
        bool isLast = picture[2].Value is 1 or 3;
        if (layout == ImageLayout.Auto && isFirst == isLast)
            return isFirst
                ? $"{described}, where the channels may be the first or the last axis of the picture; set Layout"
                : $"{described}, where no axis of 1 or 3 channels is seen; set Layout";
        bool areLast = layout == ImageLayout.NHWC || (layout == ImageLayout.Auto && isLast);
        OnnxDimension channels = areLast ? picture[2] : picture[0];
        if (channels.Value is not (null or 1 or 3))
            return $"{described}, where the axis of channels ({(areLast ? "NHWC" : "NCHW")}) is neither 1 nor 3";
        (OnnxDimension height, OnnxDimension width) = areLast ? (picture[0], picture[1]) : (picture[1], picture[2]);
        if (height.Value is 0 or > PixelImage.MostPixels || width.Value is 0 or > PixelImage.MostPixels)
            return $"{described}, which is the size of no picture";
        axes = new PictureAxes((int)(channels.Value ?? 3), (int)(height.Value ?? 0), (int)(width.Value ?? 0), areLast);
        return null;
    }

    private static void CheckSize(ImageSettings images, PictureAxes axes, Action<string, string, string> report)
    {
        IReadOnlyList<int> size = images.CenterCrop.Count > 0 ? images.CenterCrop : images.Resize;
        string setting = images.CenterCrop.Count > 0 ? "CenterCrop" : "Resize";
        string value = string.Join('x', size);
        string taken = $"{(axes.Width == 0 ? "any" : Text(axes.Width))} x {(axes.Height == 0 ? "any" : Text(axes.Height))}";
        if (size.Count == 1 && (axes.Width != 0 || axes.Height != 0))
            report(setting, value, $"the longer side depends on the picture, and the model takes {taken} pixels; add CenterCrop, or give width and height");
        else if (size.Count == 2 && ((axes.Width != 0 && axes.Width != size[0]) || (axes.Height != 0 && axes.Height != size[1])))
            report(setting, value, $"pictures come to {size[0]} x {size[1]} pixels (width x height), and the model takes {taken}");
    }

    private static void CheckValues(ImageSettings images, PictureAxes axes, OnnxElementType type, Action<string, string, string> report)
    {
        (double low, double high) = BoundsOf(RangeFor(images, type));
        foreach ((string setting, IReadOnlyList<float> values) in new[] { ("Mean", images.Mean), ("Std", images.Std) })
        {
            string text = string.Join(';', values.Select(Text));
            if (values.Count > 0 && type == OnnxElementType.UInt8)
                report(setting, text, "it takes the bytes as they are");
            else if (values.Count > 1 && values.Count != axes.Channels)
                report(setting, text, $"these are {values.Count} numbers, and the model takes {axes.Channels} channel{(axes.Channels == 1 ? "" : "s")}");
            else if (setting == "Mean" && values.Any(mean => mean < low || mean > high))
                report(setting, text, $"values of pictures lie in {Text(low)}..{Text(high)}; set PixelRange to the range that Mean and Std are meant for");
        }
        if (type == OnnxElementType.UInt8 && images.Range is not (PixelRange.Auto or PixelRange.Bytes))
            report("PixelRange", $"{Text(low)}..{Text(high)}", "it takes the bytes as they are");
        if (axes.Channels == 1 && images.ColorOrder == ColorOrder.Bgr)
            report("ColorOrder", "BGR", "it takes grey, which has no order of colours");
    }

    private static PixelPlan Decide(ImageSettings images, PictureAxes axes, TensorSignature input)
    {
        (float divisor, float offset) = RangeFor(images, input.ElementType) switch
        {
            PixelRange.ZeroToOne => (255f, 0f),
            PixelRange.MinusOneToOne => (127.5f, -1f),
            _ => (1f, 0f),
        };
        return new PixelPlan(
            axes.Channels, axes.AreChannelsLast, images.ColorOrder == ColorOrder.Bgr, images.Resize, images.CenterCrop,
            FilterRadius: (int)images.Interpolation, divisor, offset,
            PerChannel(images.Mean, 0), PerChannel(images.Std, 1), axes.Width, axes.Height, input.Shape!.Count,
            IsBytes: input.ElementType == OnnxElementType.UInt8);

        float[] PerChannel(IReadOnlyList<float> values, float standard) =>
            values.Count == axes.Channels ? [.. values] : [.. Enumerable.Repeat(values.Count == 0 ? standard : values[0], axes.Channels)];
    }

    private static PixelRange RangeFor(ImageSettings images, OnnxElementType type) =>
        images.Range != PixelRange.Auto ? images.Range : type == OnnxElementType.UInt8 ? PixelRange.Bytes : PixelRange.ZeroToOne;

    private static (double Low, double High) BoundsOf(PixelRange range) => range switch
    {
        PixelRange.ZeroToOne => (0, 1),
        PixelRange.MinusOneToOne => (-1, 1),
        _ => (0, 255),
    };

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    /// <param name="Height">0: any.</param>
    /// <param name="Width">0: any.</param>
    private sealed record PictureAxes(int Channels, int Height, int Width, bool AreChannelsLast);
}
