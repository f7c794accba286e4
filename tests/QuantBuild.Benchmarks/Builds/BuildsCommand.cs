using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>What does a real build ship, is it what the build says it is, and how do the files of other tools compare?</summary>
internal static class BuildsCommand
{
    private static readonly string[] DefaultModels = ["digits-lenet", "fashion-mobilenet", "fashion-vit"];

    /// <returns>1 when a report differs from the evaluation here, or the program carries another file.</returns>
    public static int Run(MeasurementOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using PackageSource source = PackageSource.Find();
        var files = new List<MeasuredFile>();
        bool agrees = true;
        foreach (BenchModel model in (options.Models ?? DefaultModels).Select(name => BenchModel.Read(options.Bench, name)))
        {
            var measurement = new FileMeasurement(model);
            MeasuredFile shipped = Build(source, model, measurement, out bool isCarried);
            ReportAgreement.Print(shipped, isCarried);
            agrees &= isCarried && ReportAgreement.Agrees(shipped);
            files.Add(shipped);
            files.AddRange(Rivals(options.Bench, model, measurement));
        }

        Console.WriteLine($"{MeasuredFileTable.Of(files)}\n{Legend}");
        if (options.Output is { } output)
            MeasuredFile.Write(output, files);
        return agrees ? 0 : 1;
    }

    private static MeasuredFile Build(PackageSource source, BenchModel model, FileMeasurement measurement, out bool isCarried)
    {
        using var project = new BenchProject(source, model);
        project.Restore();
        Progress($"{model.Name}: building");
        TimeSpan elapsed = project.BuildTimed();
        isCarried = project.ProgramCarriesShippedFile();
        ReportedFigures report = FileMeasurement.FiguresOf(project.ReadReport());
        Progress($"{model.Name}: measuring");
        return measurement.Measure("quantbuild", "default", project.ShippedPath) with
        {
            Fused = report.Fused,
            Planned = report.Planned,
            Seconds = elapsed.TotalSeconds,
            PeakMiB = report.PeakMiB,
            Report = report,
        };
    }

    private static IEnumerable<MeasuredFile> Rivals(string bench, BenchModel model, FileMeasurement measurement)
    {
        foreach (string path in model.Rivals())
        {
            string file = Path.GetFileName(path);
            string tool = file.Split('.')[0];
            Progress($"{model.Name}: measuring {file}");
            MeasuredFile? measured = null;
            try
            {
                measured = measurement.Measure(tool, file[(tool.Length + 1)..^".onnx".Length], path) with
                {
                    PeakMiB = RivalResults.PeakMiB(bench, model.Name, file),
                };
            }
            catch (OnnxRuntimeException exception)
            {
                Console.WriteLine($"{model.Name}: {file} does not run here and is left out: {exception.Message}");
            }
            if (measured is not null)
                yield return measured;
        }
    }

    private static void Progress(string text) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {text}");

    private static string Legend => Machine.Description
        + " Latency: one thread, median of interleaved rounds, float ÷ file. Size: file ÷ float. Bold: best of the other tools by dB.";
}
