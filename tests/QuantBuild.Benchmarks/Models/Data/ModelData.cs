using System.IO.Compression;
using QuantBuild.Benchmarks.Models.Fetching;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>The samples of one model, as files.</summary>
/// <param name="Origin">For people: <c>real: …</c> or <c>noise: …</c>.</param>
internal sealed record ModelData(string CalibrationPath, string ValidationPath, string Origin)
{
    public static ModelData Write(string model, string origin, NamedArray[] calibration, NamedArray[] validation)
    {
        string folder = ModelFolder.DataOf(model);
        var data = new ModelData(Path.Combine(folder, "calibration.npz"), Path.Combine(folder, "validation.npz"), origin);
        NpzWriter.Write(data.CalibrationPath, CompressionLevel.NoCompression, calibration);
        NpzWriter.Write(data.ValidationPath, CompressionLevel.NoCompression, validation);
        return data;
    }

    /// <summary>Samples of one float input behind each other, with an axis for them in front.</summary>
    public static NamedArray Stack(string name, long[] sampleShape, IReadOnlyCollection<float[]> samples) =>
        NamedArray.Of(name, [samples.Count, .. sampleShape], samples.SelectMany(sample => sample).ToArray().AsSpan());
}
