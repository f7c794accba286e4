using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using QuantBuild.Reporting;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>A project outside of the repository that references the packed package and names one model of the bench folder.</summary>
internal sealed class BenchProject : IDisposable
{
    /// <summary>Large models take minutes on a machine that has other work.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly TempProject project;
    private readonly BenchModel model;

    public BenchProject(PackageSource source, BenchModel model)
    {
        this.model = model;
        project = new TempProject(source) { Limit = Limit };
        File.Copy(model.FloatPath, project.File($"Models/{model.Name}.onnx"));
        File.Copy(model.CalibrationPath, CalibrationPath);
        File.Copy(model.ValidationPath, project.File("Data/validation.npz"));
        project.Write("Program.cs", """
            using System.IO.Stream model = App.BenchModel.OpenModel();
            System.Console.WriteLine(System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(model)));
            """);
        WriteProject();
    }

    public string CalibrationPath => project.File("Data/calibration.npz");

    public string ShippedPath => project.Output($"{model.Name}.onnx");

    public string RejectedPath => project.Output($"{model.Name}.rejected.onnx");

    /// <summary>Every file of the project's assembly, below bin and obj.</summary>
    public IEnumerable<string> Assemblies => new[] { "bin", "obj" }.Select(project.File).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "App.dll", SearchOption.AllDirectories));

    /// <param name="limits">Further attributes of the model's item: <c>MinAccuracy="0.9"</c>.</param>
    public void WriteProject(string limits = "")
    {
        string metric = model.IsClassifier ? "Top1" : "CosineSimilarity";
        project.WriteProject($"""
            <QuantizeModel Include="Models/{model.Name}.onnx" CalibrationData="Data/calibration.npz" ValidationData="Data/validation.npz"
                           ClassName="BenchModel" Metric="{metric}" {limits} />
            """);
    }

    /// <summary>Before builds that are timed: unpacking packages is no part of them.</summary>
    public void Restore() => Succeeded(project.DotNet("restore"));

    public DotNetRun Build() => project.Build();

    /// <returns>Time of the whole command.</returns>
    /// <exception cref="InvalidOperationException">The build fails.</exception>
    public TimeSpan BuildTimed()
    {
        long start = Stopwatch.GetTimestamp();
        Succeeded(Build());
        return Stopwatch.GetElapsedTime(start);
    }

    public QuantizationReport ReadReport() =>
        JsonSerializer.Deserialize(File.ReadAllBytes(project.Output($"{model.Name}.report.json")), ReportJson.Default.QuantizationReport)!;

    /// <summary>Whether the program that was built carries the file that is measured.</summary>
    public bool ProgramCarriesShippedFile() =>
        project.RunProgram().Output.Trim() == Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(ShippedPath)));

    public void Dispose() => project.Dispose();

    private static void Succeeded(DotNetRun run)
    {
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"The command fails. It wrote:\n{run.Output}{run.Errors}");
    }
}
