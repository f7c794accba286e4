using System.Globalization;
using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary><c>rebuilds</c>: what a build costs in which there is little or nothing to do, read from binary logs of real builds.</summary>
internal static class RebuildsCommand
{
    private const int Models = 10;

    private const int Projects = 10;

    private const int Repetitions = 5;

    public static int Run()
    {
        using PackageSource source = PackageSource.Find();
        List<Step> steps = [.. OneProject(source), .. ManyProjects(source)];
        Console.Write(MarkdownTable.Of(
            ["build", "ms in targets of QuantBuild (each project)", "workers", "quantized", "from the cache"],
            textColumns: 1,
            steps.Select(step => new[]
            {
                step.Name,
                string.Join(", ", step.Milliseconds.Select(time => time.ToString("0", CultureInfo.InvariantCulture))),
                step.Workers.ToString(CultureInfo.InvariantCulture),
                step.Quantized.ToString(CultureInfo.InvariantCulture),
                step.Found.ToString(CultureInfo.InvariantCulture),
            })));
        return 0;
    }

    private static IEnumerable<Step> OneProject(PackageSource source)
    {
        using var project = new TempProject(source);
        for (int i = 1; i < Models; i++)
            project.CopyModel($"Models/digits{i}.onnx");
        project.WriteProject(
            $"""<QuantizeModel Include="Models/*.onnx" CalibrationData="{TempProject.Data}" />""", "<QuantBuildMaxAccuracyDrop>0.05</QuantBuildMaxAccuracyDrop>");
        yield return Step.Of($"{Models} models of one content, first build", Succeeded(project.Build()));
        for (int i = 0; i < Repetitions; i++)
            yield return Step.Of("nothing changed", Succeeded(project.Build()));
        File.SetLastWriteTimeUtc(project.File(TempProject.Model), DateTime.UtcNow);
        yield return Step.Of("one model touched", Succeeded(project.Build()));
        project.WriteProject(
            $"""<QuantizeModel Include="Models/*.onnx" CalibrationData="{TempProject.Data}" />""", "<QuantBuildMaxAccuracyDrop>0.04</QuantBuildMaxAccuracyDrop>");
        yield return Step.Of("another limit", Succeeded(project.Build()));
        Directory.Delete(project.File("obj"), recursive: true);
        yield return Step.Of("clean checkout", Succeeded(project.Build()));
    }

    private static IEnumerable<Step> ManyProjects(PackageSource source)
    {
        using var project = new TempProject(source, "Repository/App");
        string model = TempProject.Attribute(project.File(TempProject.Model));
        for (int i = 0; i < Projects; i++)
        {
            project.WriteProject($"""<QuantizeModel Include="{model}" CalibrationData="{TempProject.Attribute(project.File(TempProject.Data))}" />""");
            project.Write($"../Project{i}/Project{i}.csproj", File.ReadAllText(project.ProjectFile));
            project.Write($"../Project{i}/Program.cs", "System.Console.WriteLine(App.Digits.OpenModel().Length);");
        }
        project.Write("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Project*/*.csproj" ReferenceOutputAssembly="false" />
              </ItemGroup>
            </Project>
            """);
        project.Write("Program.cs", "");
        yield return Step.Of($"{Projects} projects with one model, -m", Succeeded(project.Build("-m")));
        yield return Step.Of("nothing changed, -m", Succeeded(project.Build("-m")));
    }

    private static DotNetRun Succeeded(DotNetRun run) => run.ExitCode == 0 ? run : throw new InvalidOperationException(run.Output + run.Errors);

    /// <param name="Milliseconds">Of every project with models.</param>
    private sealed record Step(string Name, IReadOnlyList<double> Milliseconds, int Workers, int Quantized, int Found)
    {
        public static Step Of(string name, DotNetRun run)
        {
            Build build = BinaryLog.ReadBuild(run.BinaryLog);
            double[] times =
            [
                .. build.FindChildrenRecursive<Project>()
                    .Select(project => project.Children.OfType<Target>().Where(IsOurs).Sum(target => target.Duration.TotalMilliseconds))
                    .Where(time => time > 0),
            ];
            string[] lines = [.. build.FindChildrenRecursive<Message>().Select(message => message.Text ?? "")];
            return new Step(
                name,
                times,
                lines.Count(line => line.Contains(" exec ", StringComparison.Ordinal) && line.Contains("quantbuild.dll", StringComparison.Ordinal)),
                lines.Count(line => line.Contains("not in the cache", StringComparison.Ordinal)),
                lines.Count(line => line.Contains("found in the cache", StringComparison.Ordinal)));
        }

        private static bool IsOurs(Target target) =>
            target.Name.Contains("QuantBuild", StringComparison.Ordinal) || target.Name is "QuantizeOnnxModels" or "GenerateOnnxModelClasses";
    }
}
