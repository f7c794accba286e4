namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Lines of text in Open Sans on backgrounds that come from photographs.</summary>
/// <param name="isCalibration">Which photographs and which texts.</param>
internal sealed class RenderedText(bool isCalibration, int seed)
{
    private const float Brightest = 255;

    private static readonly string[] Words =
    [
        "Invoice", "total", "amount", "Street", "garden", "open", "Monday", "coffee", "window", "quick", "brown", "fox", "jumps", "over", "lazy",
        "dog", "EXIT", "Platform", "ticket", "price", "No.", "Please", "keep", "left", "museum", "of", "modern", "art", "and", "the", "sphinx",
        "quartz", "judge", "my", "vow", "Hotel", "Zurich", "Boulevard", "taxi", "water", "free", "entry", "WARNING", "high", "voltage", "km/h",
    ];

    private static readonly BitmapFont[] Fonts = [BitmapFont.Read(16), BitmapFont.Read(32), BitmapFont.Read(64)];

    private readonly Random random = new(seed + (isCalibration ? 0 : 1));
    private readonly Raster[] photographs = Photographs.Of(isCalibration);

    /// <summary>One line that fills the image's height.</summary>
    public Raster Line(int width, int height, out string text)
    {
        BitmapFont font = Fonts[random.Next(1, Fonts.Length)];
        int fontHeight = font.LineHeight + random.Next(font.LineHeight / 3);
        int fontWidth = width * fontHeight / height;
        Raster image = Background(fontWidth, fontHeight, out bool isLight);
        int left = random.Next(2, font.LineHeight / 2);
        text = TextUpTo(font, fontWidth - (2 * left));
        font.Draw(image, text, left, (fontHeight - font.LineHeight) / 2, TextColor(isLight));
        return image.Resize(width, height);
    }

    /// <summary>A page or a photograph with some lines on it.</summary>
    public Raster Scene(int size)
    {
        bool isPhotograph = random.Next(2) == 0;
        bool isLight = true;
        Raster image = isPhotograph ? Photographs.RandomSquare(photographs, random, size) : Background(size, size, out isLight);
        int top = random.Next(size / 8);
        while (true)
        {
            BitmapFont font = Fonts[random.Next(Fonts.Length)];
            if (top + font.LineHeight > size)
                return image;
            string text = TextUpTo(font, random.Next(size / 2, size));
            isLight = isPhotograph ? random.Next(2) == 0 : isLight;
            font.Draw(image, text, random.Next(Math.Max(1, size - font.WidthOf(text))), top, TextColor(isLight));
            top += font.LineHeight + random.Next(size / 5);
        }
    }

    /// <summary>Words and numbers, at least one, no wider than the line unless one word is.</summary>
    private string TextUpTo(BitmapFont font, int width)
    {
        string text = Word();
        while (true)
        {
            string longer = $"{text} {Word()}";
            if (font.WidthOf(longer) > width)
                return text;
            text = longer;
        }
    }

    private string Word() => random.Next(4) switch
    {
        0 => $"{random.Next(1000)}.{random.Next(10, 100)}",
        _ => Words[random.Next(Words.Length)],
    };

    private float[] TextColor(bool onLight)
    {
        float darkest = onLight ? 0 : 0.75f * Brightest;
        return [.. Enumerable.Range(0, 3).Select(_ => darkest + (random.NextSingle() * 0.25f * Brightest))];
    }

    /// <summary>A part of a photograph, pale or dark.</summary>
    private Raster Background(int width, int height, out bool isLight)
    {
        Raster photograph = photographs[random.Next(photographs.Length)];
        Raster image = photograph.Crop(
            random.Next(photograph.Width / 2), random.Next(photograph.Height / 2), photograph.Width / 2f, photograph.Height / 2f, width, height);
        isLight = random.Next(3) > 0;
        float contrast = random.NextSingle() * 0.3f;
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (contrast * image.Pixels[i]) + (isLight ? (1 - contrast) * Brightest : 0);
        return image;
    }
}
