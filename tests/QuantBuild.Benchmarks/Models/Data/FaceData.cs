namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Input of face detectors.</summary>
internal static class FaceData
{
    /// <param name="size">Width and height that the detector takes.</param>
    /// <param name="count">Samples of each of the two sets.</param>
    public static ModelData Write(string model, int size, int count) => ModelData.Write(
        model,
        "real: squares out of six photographs with people, four to calibrate and two to validate",
        [ModelData.Stack("input:0", [size, size, 3], Samples(isCalibration: true, size, count))],
        [ModelData.Stack("input:0", [size, size, 3], Samples(isCalibration: false, size, count))]);

    private static float[][] Samples(bool isCalibration, int size, int count)
    {
        Raster[] photographs = Photographs.Of(isCalibration);
        var random = new Random(size + (isCalibration ? 0 : 1));
        return [.. Enumerable.Range(0, count).Select(_ => ImageTensor.HeightWidthChannel(Photographs.RandomSquare(photographs, random, size)))];
    }
}
