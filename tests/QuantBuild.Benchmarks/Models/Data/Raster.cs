using System.Buffers.Binary;
using System.Diagnostics;
using QuantBuild.Benchmarks.Models.Fetching;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>An image.</summary>
/// <param name="Pixels">R, G, B, A from 0 to 255, row by row.</param>
internal sealed record Raster(int Width, int Height, float[] Pixels)
{
    public const int Channels = 4;

    public Raster(int width, int height)
        : this(width, height, new float[width * height * Channels])
    {
    }

    /// <summary>Decodes a JPEG or PNG file once and keeps its pixels.</summary>
    /// <param name="name">Of the file with the pixels.</param>
    public static Raster Decode(string path, string name)
    {
        string pixels = Path.Combine(ModelFolder.Pixels, name + ".rgba");
        if (!File.Exists(pixels))
        {
            Directory.CreateDirectory(ModelFolder.Pixels);
            NpmPackage decoder = path.EndsWith(".png", StringComparison.Ordinal) ? NpmPackages.PngDecoder : NpmPackages.JpegDecoder;
            string script = Path.Combine(AppContext.BaseDirectory, "decode-image.cjs");
            using Process process = Process.Start("node", [script, decoder.Fetch(ModelFolder.Packages), path, pixels + ".part"]);
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidDataException($"'{path}' cannot be decoded.");
            File.Move(pixels + ".part", pixels);
        }
        byte[] bytes = File.ReadAllBytes(pixels);
        return new Raster(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(sizeof(int))),
            [.. bytes.Skip(2 * sizeof(int)).Select(value => (float)value)]);
    }

    /// <summary>The part of the image that a rectangle covers, scaled: means of bilinear samples, so that nothing is skipped.</summary>
    /// <param name="isMirrored">Left and right exchanged.</param>
    public Raster Crop(float left, float top, float width, float height, int toWidth, int toHeight, bool isMirrored = false)
    {
        var scaled = new Raster(toWidth, toHeight);
        float stepX = width / toWidth;
        float stepY = height / toHeight;
        int samples = (int)Math.Ceiling(Math.Max(stepX, stepY));
        for (int y = 0; y < toHeight; y++)
            for (int x = 0; x < toWidth; x++)
                for (int i = 0; i < samples * samples; i++)
                {
                    float inX = x + (((i % samples) + 0.5f) / samples);
                    float inY = y + (((i / samples) + 0.5f) / samples);
                    Accumulate(
                        left + ((isMirrored ? toWidth - inX : inX) * stepX) - 0.5f,
                        top + (inY * stepY) - 0.5f,
                        1f / (samples * samples),
                        scaled.PixelAt(x, y));
                }
        return scaled;
    }

    public Raster Resize(int width, int height) => Crop(0, 0, Width, Height, width, height);

    /// <summary>Half a turn.</summary>
    public Raster TurnedAround()
    {
        var turned = new Raster(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                PixelAt(x, y).CopyTo(turned.PixelAt(Width - 1 - x, Height - 1 - y));
        return turned;
    }

    public Span<float> PixelAt(int x, int y) => Pixels.AsSpan(((y * Width) + x) * Channels, Channels);

    private void Accumulate(float x, float y, float weight, Span<float> sum)
    {
        int left = (int)Math.Floor(x);
        int top = (int)Math.Floor(y);
        float right = x - left;
        float bottom = y - top;
        Add(left, top, (1 - right) * (1 - bottom), sum);
        Add(left + 1, top, right * (1 - bottom), sum);
        Add(left, top + 1, (1 - right) * bottom, sum);
        Add(left + 1, top + 1, right * bottom, sum);

        void Add(int atX, int atY, float share, Span<float> total)
        {
            Span<float> pixel = PixelAt(Math.Clamp(atX, 0, Width - 1), Math.Clamp(atY, 0, Height - 1));
            for (int channel = 0; channel < Channels; channel++)
                total[channel] += weight * share * pixel[channel];
        }
    }
}
