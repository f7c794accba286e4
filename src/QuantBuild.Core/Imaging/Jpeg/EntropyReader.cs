namespace QuantBuild.Imaging.Jpeg;

/// <summary>Reads the bits between two markers of a JPEG file, stuffed bytes taken out.</summary>
internal sealed class EntropyReader(byte[] file, int position)
{
    private ulong bits;
    private int count;

    /// <summary>Where the marker is that ended the data, or the end of the file; bits that were not read are skipped.</summary>
    public int SkipToMarker()
    {
        bits = 0;
        count = 0;
        while (position + 1 < file.Length && (file[position] != 0xFF || file[position + 1] is 0 or 0xFF))
            position++;
        return position;
    }

    /// <summary>Goes on after a restart marker.</summary>
    public void Restart(int expectedIndex)
    {
        int marker = SkipToMarker();
        if (marker + 1 >= file.Length || file[marker + 1] != 0xD0 + expectedIndex)
            throw new InvalidDataException("its restart markers are not in order; the file is damaged");
        position = marker + 2;
    }

    /// <summary>The next <paramref name="length"/> bits without taking them, zeros after the last; at most 16.</summary>
    public int Peek(int length)
    {
        if (count < length)
            Fill();
        return (int)(count >= length ? bits >> (count - length) : bits << (length - count)) & ((1 << length) - 1);
    }

    public void Skip(int length)
    {
        count -= length;
        if (count < 0)
            throw new InvalidDataException("its picture data ends early; the file is truncated or damaged");
    }

    public int Read(int length)
    {
        int value = Peek(length);
        Skip(length);
        return value;
    }

    public bool ReadBit() => Read(1) != 0;

    /// <summary>A number of <paramref name="length"/> bits whose highest bit is 0 when it is negative (ITU T.81, figure F.12).</summary>
    public int ReadSigned(int length)
    {
        if (length == 0)
            return 0;
        int value = Read(length);
        return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    private void Fill()
    {
        while (count <= 56 && position < file.Length)
        {
            byte value = file[position];
            if (value == 0xFF)
            {
                if (position + 1 >= file.Length || file[position + 1] != 0)
                    return;
                position++;
            }
            position++;
            bits = (bits << 8) | value;
            count += 8;
        }
    }
}
