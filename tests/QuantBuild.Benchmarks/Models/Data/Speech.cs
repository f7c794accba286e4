using QuantBuild.Benchmarks.Models.Fetching;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Eleven seconds of a speech at 16 kHz, as recorded and once more quiet in noise.</summary>
internal static class Speech
{
    public const string Origin = "real: speech of 11 s, clean and quiet in noise, the first 60 % to calibrate";

    private const double CalibrationShare = 0.6;

    private const float QuietGain = 0.25f;

    private const float NoiseAmplitude = 500;

    private const string Recording = "lib/whisper.cpp/bindings/go/samples/jfk.wav";

    /// <summary>Values from −32768 to 32767.</summary>
    public static IReadOnlyList<float[]> Read()
    {
        short[] samples = WaveFile.Read(Path.Combine(NpmPackages.Speech.Fetch(ModelFolder.Packages), Recording));
        var random = new Random(samples.Length);
        return
        [
            [.. samples.Select(sample => (float)sample)],
            [.. samples.Select(sample => (QuietGain * sample) + (NoiseAmplitude * ((2 * random.NextSingle()) - 1)))],
        ];
    }

    /// <summary>Pieces of equal length, one behind the other or overlapping.</summary>
    public static List<float[]> Pieces(float[] values, int length, int step)
    {
        var pieces = new List<float[]>();
        for (int first = 0; first + length <= values.Length; first += step)
            pieces.Add(values[first..(first + length)]);
        return pieces;
    }

    /// <summary>The part of each recording's pieces that is calibrated, or validated, with.</summary>
    public static List<T> Part<T>(IEnumerable<List<T>> ofRecordings, bool isCalibration) => [.. ofRecordings.SelectMany(pieces =>
    {
        int split = (int)(CalibrationShare * pieces.Count);
        return isCalibration ? pieces.Take(split) : pieces.Skip(split);
    })];
}
