using System.Buffers.Binary;

namespace QuantBuild.Imaging.Jpeg;

/// <summary>Goes through the marker segments of one JPEG file.</summary>
internal sealed class JpegSegments(byte[] file)
{
    /// <summary>More scans only make small files slow; encoders write about ten.</summary>
    private const int MostScans = 300;

    private readonly JpegTables tables = new();
    private readonly HashSet<JpegComponent> scanned = [];
    private JpegFrame? frame;
    private int scans;
    private bool hasJfif;
    private int? adobeTransform;

    /// <summary>Reads no further than the frame header.</summary>
    public (int Width, int Height) Measure()
    {
        int position = 2;
        while (NextMarker(ref position) is { } marker && marker is not (0xD9 or 0xDA))
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            ReadOnlySpan<byte> data = Segment(ref position);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return JpegFrame.SizeOf(data);
        }
        throw new InvalidDataException("it does not hold the whole picture; the file is truncated or damaged");
    }

    public PixelImage Read()
    {
        int position = 2;
        while (NextMarker(ref position) is { } marker && marker != 0xD9)
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            ReadOnlySpan<byte> data = Segment(ref position);
            if (marker == 0xDA)
                position = ReadScan(data, position);
            else
                ReadSegment(marker, data);
        }

        if (frame is null || scanned.Count < frame.Components.Count)
            throw new InvalidDataException("it does not hold the whole picture; the file is truncated or damaged");
        if (frame.IsProgressive)
            foreach (JpegComponent component in frame.Components)
                component.TransformAll();
        return JpegColours.Join(frame, AreYcc(frame));
    }

    /// <returns>Null at the end of the file, which only a sequential picture that is complete may lack its end marker for.</returns>
    private int? NextMarker(ref int position)
    {
        while (position + 1 < file.Length && (file[position] != 0xFF || file[position + 1] is 0 or 0xFF))
            position++;
        if (position + 1 < file.Length)
        {
            position += 2;
            return file[position - 1];
        }
        return frame is not { IsProgressive: true } ? null : throw new InvalidDataException("it ends early; the file is truncated");
    }

    private ReadOnlySpan<byte> Segment(ref int position)
    {
        int length = position + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(position)) : 0;
        if (length < 2 || position + length > file.Length)
            throw new InvalidDataException("it ends within a header; the file is truncated or damaged");
        ReadOnlySpan<byte> data = file.AsSpan(position + 2, length - 2);
        position += length;
        return data;
    }

    private void ReadSegment(int marker, ReadOnlySpan<byte> data)
    {
        switch (marker)
        {
            case 0xC4:
                tables.ReadHuffman(data);
                break;
            case 0xDB:
                tables.ReadQuantization(data);
                break;
            case 0xDD:
                tables.ReadRestartInterval(data);
                break;
            case 0xE0 when data.StartsWith("JFIF\0"u8):
                hasJfif = true;
                break;
            case 0xEE when data.Length >= 12 && data.StartsWith("Adobe"u8):
                adobeTransform = data[11];
                break;
            case 0xC0 or 0xC1 or 0xC2:
                if (frame is not null)
                    throw new InvalidDataException("it holds two pictures in one; the file is damaged");
                frame = JpegFrame.Parse(data, isProgressive: marker == 0xC2, file.Length);
                break;
            case 0xC9 or 0xCA or 0xCC:
                throw new InvalidDataException("it is coded arithmetically, which is not read; save it with Huffman codes");
            case >= 0xC3 and <= 0xCF:
                throw new InvalidDataException("it is a lossless or hierarchical JPEG, which is not read; save it as baseline or progressive");
        }
    }

    private int ReadScan(ReadOnlySpan<byte> data, int position)
    {
        if (frame is null || data.Length < 6 || data[0] is < 1 or > 3 || data.Length != 4 + (data[0] * 2))
            throw new InvalidDataException("its scan header is damaged");
        if (++scans > MostScans)
            throw new InvalidDataException($"it has more than {MostScans} scans; the file is damaged");
        ReadOnlySpan<byte> end = data[^3..];
        SpectralBand band = frame.IsProgressive ? new(end[0], end[1], end[2] >> 4, end[2] & 15) : SpectralBand.All;
        Check(band, data[0]);

        List<JpegComponent> components = [];
        for (int i = 0; i < data[0]; i++)
        {
            (int id, int indices) = (data[1 + (2 * i)], data[2 + (2 * i)]);
            JpegComponent component = frame.Components.FirstOrDefault(candidate => candidate.Id == id)
                ?? throw new InvalidDataException("it has a scan of a component that it does not have; the file is damaged");
            if (components.Contains(component))
                throw new InvalidDataException("it has a scan that names a component twice; the file is damaged");
            bool needsAc = !frame.IsProgressive || band.First > 0;
            tables.Apply(component, indices >> 4, indices & 15, needsDc: band.First == 0 && band.High == 0, needsAc);
            components.Add(component);
            if (band.First == 0)
                scanned.Add(component);
        }
        return new JpegScan(frame, components, band, tables.RestartInterval).Read(file, position);
    }

    private void Check(SpectralBand band, int components)
    {
        if (!frame!.IsProgressive)
            return;
        bool isValid = band.First == 0 ? band.Last == 0 : components == 1 && band.Last >= band.First && band.Last <= 63;
        if (!isValid || band.Low > 13 || (band.High != 0 && band.High != band.Low + 1))
            throw new InvalidDataException("its scan header is damaged");
    }

    /// <summary>Whether the three components are luminance and two colour differences, found out as libjpeg does it.</summary>
    private bool AreYcc(JpegFrame frame)
    {
        if (frame.Components.Count != 3)
            return false;
        if (hasJfif)
            return true;
        if (adobeTransform is { } transform)
            return transform != 0;
        return frame.Components is not [{ Id: 'R' }, { Id: 'G' }, { Id: 'B' }];
    }
}
