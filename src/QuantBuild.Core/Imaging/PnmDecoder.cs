namespace QuantBuild.Imaging;

/// <summary>Reads PPM and PGM pictures, binary and as text, with up to 16 bits per channel.</summary>
internal sealed class PnmDecoder : IImageDecoder
{
    public bool Recognizes(ReadOnlySpan<byte> start) =>
        start is [(byte)'P', (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#', ..];

    public (int Width, int Height) Measure(byte[] file)
    {
        int position = 2;
        (int width, int height) = (Number(file, ref position), Number(file, ref position));
        PixelImage.CheckSize(width, height);
        return (width, height);
    }

    public PixelImage Decode(byte[] file)
    {
        int channels = file[1] is (byte)'3' or (byte)'6' ? 3 : 1;
        bool isText = file[1] is (byte)'2' or (byte)'3';
        int position = 2;
        int width = Number(file, ref position);
        int height = Number(file, ref position);
        int largest = Number(file, ref position);
        PixelImage.CheckSize(width, height);
        if (largest is < 1 or > ushort.MaxValue)
            throw new InvalidDataException($"its largest value is {largest}, and it must be from 1 to 65535");
        int sampleBytes = isText || largest < 256 ? 1 : 2;
        position++;
        long samples = (long)width * height * channels;
        if (samples * sampleBytes > file.Length - position + (isText ? 1 : 0))
            throw new InvalidDataException("its picture data ends early; the file is truncated or damaged");

        PixelImage image = PixelImage.Allocate(width, height, channels);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int value = isText ? Number(file, ref position)
                : sampleBytes == 1 ? file[position + i]
                : (file[position + (2 * i)] << 8) | file[position + (2 * i) + 1];
            if (value > largest)
                throw new InvalidDataException($"it has the value {value}, which is above its largest, {largest}; the file is damaged");
            image.Pixels[i] = (byte)(((value * 255) + (largest / 2)) / largest);
        }
        return image;
    }

    /// <summary>The next number, after white space and comments.</summary>
    private static int Number(byte[] file, ref int position)
    {
        while (position < file.Length && (file[position] == '#' || IsSpace(file[position])))
        {
            if (file[position] == '#')
                while (position < file.Length && file[position] is not ((byte)'\n' or (byte)'\r'))
                    position++;
            else
                position++;
        }

        int start = position;
        int number = 0;
        while (position < file.Length && char.IsAsciiDigit((char)file[position]))
        {
            if (number > 100_000_000)
                throw new InvalidDataException("it has a number that is too large; the file is damaged");
            number = (number * 10) + file[position++] - '0';
        }
        return position > start
            ? number
            : throw new InvalidDataException(position < file.Length
                ? "it lacks a number; the file is damaged"
                : "it ends early; the file is truncated");
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
