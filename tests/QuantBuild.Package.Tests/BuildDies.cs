using System.Diagnostics;
using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A build that is killed cannot tell its worker; the operating system closes the worker's standard input.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class BuildDies
{
    /// <summary>Long enough to see that a worker which should be waiting has not ended.</summary>
    private static readonly TimeSpan Working = TimeSpan.FromSeconds(2);

    /// <summary>Two seconds are the worker's own; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [TestMethod]
    public void WorkerThatHangsInASystemCall_EndsItself()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));
        string model = project.File("never.onnx");
        using (Process pipe = Process.Start("mkfifo", [model]))
            pipe.WaitForExit();
        project.Write("request.json", JsonSerializer.Serialize(new
        {
            schema = 1,
            command = "generate",
            projectDirectory = project.Directory,
            outputDirectory = project.Directory,
            rootNamespace = "",
            language = "C#",
            properties = Array.Empty<object>(),
            models = new[] { new { include = "never.onnx", path = model, name = "never", metadata = Array.Empty<object>() } },
        }));

        using Process worker = Process.Start(new ProcessStartInfo("dotnet", ["exec", Package.Source.Worker, "worker", project.File("request.json"), project.File("result.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            if (worker.WaitForExit(Working))
                Assert.Fail($"It should wait for a model that nobody writes, but ended with {worker.ExitCode}: {worker.StandardError.ReadToEnd()}");

            worker.StandardInput.Close();

            Assert.IsTrue(worker.WaitForExit(Limit));
            Assert.IsFalse(File.Exists(project.File("result.json")));
        }
        finally
        {
            worker.Kill();
        }
    }
}
