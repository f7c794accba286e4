using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>The command line as people get it: installed from its package, which brings all that it needs.</summary>
[TestClass]
public sealed class ToolInstalled
{
    private const long LargestPackage = 60L << 20;

    [TestMethod]
    public void Quantize_ModelOfTheSample()
    {
        using var folder = new TemporaryFolder();
        string samples = Path.Combine(RepositoryFolder.Find(), "samples", "FashionClassifier");
        string package = Path.Combine(Path.GetDirectoryName(Package.Source.NuGetPackage)!, $"QuantBuild.Tool.{PackageSource.Version}.nupkg");
        Assert.IsTrue(new FileInfo(package).Length < LargestPackage, package);
        Package.Source.WriteConfig(folder.File("nuget.config"));
        var environment = new Dictionary<string, string>(Package.Source.Environment)
        {
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath) is { } root && File.Exists(Path.Combine(root, "dotnet")) ? root : "",
        };

        DotNetRun install = DotNetRun.Start(
            folder.Path, environment,
            ["tool", "install", "quantbuild.tool", "--version", PackageSource.Version, "--tool-path", folder.File("tools"),
                "--configfile", folder.File("nuget.config")]);
        Assert.AreEqual(0, install.ExitCode, install.Output + install.Errors);

        string tool = folder.File(Path.Combine("tools", OperatingSystem.IsWindows() ? "quantbuild.exe" : "quantbuild"));
        DotNetRun run = DotNetRun.Start(
            folder.Path, environment,
            [
                "quantize", Path.Combine(samples, "Models", "fashion.onnx"), "--calibration-data", Path.Combine(samples, "Data", "calibration.npz"),
                "--sample-limit", "200", "--cache-directory", "false", "--output", "out", "--json",
            ],
            program: tool);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        using JsonDocument result = JsonDocument.Parse(run.Output);
        JsonElement size = result.RootElement.GetProperty("result").GetProperty("report").GetProperty("size");
        Assert.AreEqual(new FileInfo(folder.File(Path.Combine("out", "fashion.onnx"))).Length, size.GetProperty("quantizedBytes").GetInt64());

        DotNetRun bench = DotNetRun.Start(
            folder.Path, environment, ["bench", Path.Combine("out", "fashion.onnx"), "--seconds", "0", "--json"], program: tool);
        Assert.AreEqual(0, bench.ExitCode, bench.Errors);

        DotNetRun explain = DotNetRun.Start(folder.Path, environment, ["explain", "QB7001"], program: tool);
        StringAssert.Contains(explain.Output, "```xml", "the page that ships, with its example");
    }
}
