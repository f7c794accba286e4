using System.Buffers.Binary;

namespace QuantBuild.Imaging.Jpeg;

/// <summary>Size and components of a JPEG picture.</summary>
internal sealed record JpegFrame(int Width, int Height, bool IsProgressive, IReadOnlyList<JpegComponent> Components)
{
    /// <summary>Most blocks in one unit of all components (ITU T.81, B.2.3).</summary>
    private const int MostBlocksPerUnit = 10;

    public int MostHorizontal => Components.Max(component => component.Horizontal);

    public int MostVertical => Components.Max(component => component.Vertical);

    /// <summary>Units of all components in one row of them.</summary>
    public int UnitsPerRow => (Width + (8 * MostHorizontal) - 1) / (8 * MostHorizontal);

    public int UnitRows => (Height + (8 * MostVertical) - 1) / (8 * MostVertical);

    /// <param name="data">Of the marker segment, without its length.</param>
    /// <param name="fileBytes">Every block takes a bit at least, so that the file bounds the memory.</param>
    public static JpegFrame Parse(ReadOnlySpan<byte> data, bool isProgressive, long fileBytes)
    {
        if (data.Length < 6 || data.Length != 6 + (data[5] * 3))
            throw new InvalidDataException("its frame header is damaged");
        if (data[0] != 8)
            throw new InvalidDataException($"it has {data[0]} bits per channel, and 8 are read; save it with 8 bits");
        (int width, int height) = SizeOf(data);
        if (data[5] == 4)
            throw new InvalidDataException("it has four channels (CMYK), which is not read; convert it to RGB");
        if (data[5] is not (1 or 3))
            throw new InvalidDataException($"it has {data[5]} channels, and 1 or 3 are read");

        List<JpegComponent> components = [];
        for (ReadOnlySpan<byte> rest = data[6..]; rest.Length > 0; rest = rest[3..])
            components.Add(new JpegComponent(rest[0], rest[1] >> 4, rest[1] & 15, rest[2]));
        if (components.Exists(component =>
            component.Horizontal is < 1 or > 4 || component.Vertical is < 1 or > 4 || component.QuantizationTable > 3))
            throw new InvalidDataException("its frame header is damaged");
        if (components.DistinctBy(component => component.Id).Count() != components.Count)
            throw new InvalidDataException("two of its components have one name; the file is damaged");

        JpegFrame frame = new(width, height, isProgressive, components);
        frame.CheckSampling();
        foreach (JpegComponent component in components)
            component.SetSize(width, height, frame.MostHorizontal, frame.MostVertical);
        if (components.Sum(component => (long)component.BlocksPerRow * component.BlockRows) > fileBytes * 8 * components.Count)
            throw new InvalidDataException("it has less data than its size demands; the file is truncated or damaged");
        foreach (JpegComponent component in components)
            component.Allocate(isProgressive);
        return frame;
    }

    /// <param name="data">Of the marker segment, without its length.</param>
    public static (int Width, int Height) SizeOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < 6)
            throw new InvalidDataException("its frame header is damaged");
        int height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        PixelImage.CheckSize(width, height);
        return (width, height);
    }

    private void CheckSampling()
    {
        if (Components.Count > 1 && Components.Sum(component => component.Horizontal * component.Vertical) > MostBlocksPerUnit)
            throw new InvalidDataException("its sampling factors are too large; the file is damaged");
        if (Components.Any(component => MostHorizontal % component.Horizontal != 0 || MostVertical % component.Vertical != 0))
            throw new InvalidDataException("its channels are sampled in a ratio that is no whole number, which is not read; save it as 4:2:0 or 4:4:4");
    }
}
