namespace QuantBuild.Settings;

/// <summary>How pictures are to become the input of a model, as it was written; not yet compared with the model.</summary>
internal sealed record ImageSettings
{
    /// <summary>Empty, the shorter side, or width and height.</summary>
    public IReadOnlyList<int> Resize { get; init; } = [];

    /// <summary>Empty, or width and height.</summary>
    public IReadOnlyList<int> CenterCrop { get; init; } = [];

    public PixelInterpolation Interpolation { get; init; } = PixelInterpolation.Bilinear;

    public PixelRange Range { get; init; } = PixelRange.Auto;

    /// <summary>Empty, one number, or one per channel.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>Empty, one number, or one per channel.</summary>
    public IReadOnlyList<float> Std { get; init; } = [];

    public ImageLayout Layout { get; init; } = ImageLayout.Auto;

    public ColorOrder ColorOrder { get; init; } = ColorOrder.Rgb;

    /// <summary>Names, as written, of the settings that an item has: its model has to take pictures.</summary>
    public IReadOnlyList<string> OnItem { get; init; } = [];

    /// <summary>Names, as written, of the settings that a property gives to every model that takes pictures.</summary>
    public IReadOnlyList<string> OnProject { get; init; } = [];

    public static ImageSettings Of(SettingsInForce settings)
    {
        SettingDescriptor[] all =
        [
            SettingCatalogue.Resize, SettingCatalogue.CenterCrop, SettingCatalogue.Interpolation, SettingCatalogue.PixelRange,
            SettingCatalogue.Mean, SettingCatalogue.Std, SettingCatalogue.Layout, SettingCatalogue.ColorOrder,
        ];
        IReadOnlyList<int> crop = PixelSize.NumbersOf(settings.ValueOf(SettingCatalogue.CenterCrop));
        return new ImageSettings
        {
            Resize = PixelSize.NumbersOf(settings.ValueOf(SettingCatalogue.Resize)),
            CenterCrop = crop is [int side] ? [side, side] : crop,
            Interpolation = Enum.Parse<PixelInterpolation>(settings.ValueOf(SettingCatalogue.Interpolation)),
            Range = settings.ValueOf(SettingCatalogue.PixelRange) switch
            {
                "0..1" => PixelRange.ZeroToOne,
                "0..255" => PixelRange.Bytes,
                "-1..1" => PixelRange.MinusOneToOne,
                _ => PixelRange.Auto,
            },
            Mean = NumberList.NumbersOf(settings.ValueOf(SettingCatalogue.Mean)),
            Std = NumberList.NumbersOf(settings.ValueOf(SettingCatalogue.Std)),
            Layout = Enum.Parse<ImageLayout>(settings.ValueOf(SettingCatalogue.Layout)),
            ColorOrder = Enum.Parse<ColorOrder>(settings.ValueOf(SettingCatalogue.ColorOrder), ignoreCase: true),
            OnItem = NamesOf(SettingSource.Metadata),
            OnProject = NamesOf(SettingSource.Property),
        };

        string[] NamesOf(SettingSource source) =>
            [.. all.Where(setting => settings[setting].Source == source && settings.Has(setting)).Select(setting => settings[setting].Name)];
    }
}

internal enum PixelInterpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,
    Bilinear,
    Bicubic,
}

/// <summary>What the bytes 0 to 255 become before mean and standard deviation.</summary>
internal enum PixelRange
{
    /// <summary>As the model's type has it: 0 to 1 for floats, bytes for bytes.</summary>
    Auto,
    ZeroToOne,
    Bytes,
    MinusOneToOne,
}

internal enum ImageLayout
{
    /// <summary>Channels are the axis of 1 or 3.</summary>
    Auto,

    /// <summary>Channels before height and width.</summary>
    NCHW,

    /// <summary>Channels last.</summary>
    NHWC,
}

internal enum ColorOrder
{
    Rgb,
    Bgr,
}
