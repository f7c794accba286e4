using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Benchmarks.Models.Fetching;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Open Sans at one size: an image with all glyphs and a description of where each of them is.</summary>
internal sealed class BitmapFont
{
    private readonly Raster glyphs;
    private readonly Dictionary<char, Glyph> places;

    private BitmapFont(Raster glyphs, Dictionary<char, Glyph> places, int lineHeight)
    {
        this.glyphs = glyphs;
        this.places = places;
        LineHeight = lineHeight;
    }

    /// <summary>Pixels from line to line.</summary>
    public int LineHeight { get; }

    /// <param name="size">8, 16, 32, 64 or 128 pixels.</param>
    public static BitmapFont Read(int size)
    {
        string name = $"open-sans-{size}-black";
        string folder = Path.Combine(NpmPackages.Font.Fetch(ModelFolder.Packages), "fonts", "open-sans", name);
        XElement font = XDocument.Load(Path.Combine(folder, name + ".fnt")).Root!;
        return new BitmapFont(
            Raster.Decode(Path.Combine(folder, name + ".png"), name),
            font.Descendants("char").ToDictionary(glyph => (char)Number(glyph, "id"), Glyph.Read),
            Number(font.Element("common")!, "lineHeight"));
    }

    public int WidthOf(string text) => text.Sum(character => places[character].Advance);

    /// <summary>Lays the text over the image.</summary>
    /// <param name="left">Where it begins.</param>
    /// <param name="top">Of the line.</param>
    /// <param name="color">R, G, B from 0 to 255.</param>
    public void Draw(Raster image, string text, int left, int top, ReadOnlySpan<float> color)
    {
        foreach (char character in text)
        {
            Glyph glyph = places[character];
            for (int y = 0; y < glyph.Height; y++)
                for (int x = 0; x < glyph.Width; x++)
                    Blend(image, left + glyph.OffsetX + x, top + glyph.OffsetY + y, glyphs.PixelAt(glyph.X + x, glyph.Y + y)[3] / 255, color);
            left += glyph.Advance;
        }
    }

    private static void Blend(Raster image, int x, int y, float coverage, ReadOnlySpan<float> color)
    {
        if (x < 0 || y < 0 || x >= image.Width || y >= image.Height)
            return;
        Span<float> pixel = image.PixelAt(x, y);
        for (int channel = 0; channel < color.Length; channel++)
            pixel[channel] += coverage * (color[channel] - pixel[channel]);
    }

    private static int Number(XElement element, string name) => int.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private sealed record Glyph(int X, int Y, int Width, int Height, int OffsetX, int OffsetY, int Advance)
    {
        public static Glyph Read(XElement glyph) => new(
            Number(glyph, "x"),
            Number(glyph, "y"),
            Number(glyph, "width"),
            Number(glyph, "height"),
            Number(glyph, "xoffset"),
            Number(glyph, "yoffset"),
            Number(glyph, "xadvance"));
    }
}
