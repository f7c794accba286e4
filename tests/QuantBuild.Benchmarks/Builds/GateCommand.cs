using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Does a build that loses too much accuracy fail, with the right figures, and leave nothing that could ship?</summary>
internal static class GateCommand
{
    private const string DefaultModel = "fashion-mobilenet";

    /// <summary>Ranges from samples of such contrast cut off nearly all of a real sample.</summary>
    private const float LowContrast = 0.05f;

    /// <summary>More than a sample of a hundred thousand is worth: a limit so far from what was measured is just within it.</summary>
    private const double JustInside = 1e-5;

    /// <returns>1 when a check fails.</returns>
    public static int Run(MeasurementOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using PackageSource source = PackageSource.Find();
        BenchModel model = BenchModel.Read(options.Bench, options.Models is [var name, ..] ? name : DefaultModel);
        var checks = new GateChecks(new FileMeasurement(model));

        using (var project = new BenchProject(source, model))
        {
            Comparison measured = checks.Fails(project, "MinAccuracy=0.999", """MinAccuracy="0.999" """, "QB7002");
            double inside = measured.Quantized - JustInside;
            checks.Passes(project, $"MinAccuracy={inside:0.00000}, just below the accuracy", $"""MinAccuracy="{inside:0.00000}" """);
            checks.Passes(project, "no limit", "");
        }

        using (var project = new BenchProject(source, model))
        {
            LowerContrast(project.CalibrationPath);
            const string situation = "MaxAccuracyDrop=0.01, calibrated with a twentieth of the contrast";
            Comparison measured = checks.Fails(project, situation, """MaxAccuracyDrop="0.01" """, "QB7001");
            double inside = measured.Drop + JustInside;
            checks.Passes(project, $"MaxAccuracyDrop={inside:0.00000}, just above the drop", $"""MaxAccuracyDrop="{inside:0.00000}" """);
            checks.Passes(project, "no limit", "");
            checks.Fails(project, $"{situation}, after builds that passed", """MaxAccuracyDrop="0.01" """, "QB7001");
        }
        return checks.AllHold ? 0 : 1;
    }

    private static void LowerContrast(string path)
    {
        IReadOnlyList<NamedArray> arrays = SampleSet.Read(path).Arrays;
        NpzWriter.Write(path, CompressionLevel.Fastest, [.. arrays.Select(Lower)]);
    }

    private static NamedArray Lower(NamedArray array)
    {
        if (array.ElementType != OnnxElementType.Float)
            return array;
        float[] values = MemoryMarshal.Cast<byte, float>(array.Bytes).ToArray();
        return NamedArray.Of(array.Name, array.Shape, [.. values.Select(value => value * LowContrast)]);
    }
}
