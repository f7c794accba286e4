using System.Diagnostics;
using System.Globalization;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A worker process that does anything but what it should, because something stands between it and the build.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class StrangeWorkers
{
    private static readonly TimeSpan EndOfWorkers = TimeSpan.FromSeconds(5);

    [TestMethod]
    public void NoResultOrADamagedOne_OneErrorThenNoiseOrSilence_Succeeds()
    {
        using var project = new TempProject(Package.Source);
        string msbuild = MSBuildOf(project);

        WriteHost(project, "exit 0");
        StringAssert.Contains(Verify.Failed(project, project.MSBuild(msbuild), "QB9002").Errors[0].Text, "exit code 0");
        WriteHost(project, "echo nonsense > \"$5\"");
        StringAssert.Contains(Verify.Failed(project, project.MSBuild(msbuild), "QB9002").Errors[0].Text, "damaged");
        Assert.IsEmpty(Directory.GetFiles(project.OutputDirectory, "digits.onnx*"));

        WriteHost(project, "echo '{\"model\":'; head -c 200000 /dev/urandom; exec \"$REAL\" \"$@\"");
        BuildLog noisy = Verify.Succeeded(project.MSBuild(msbuild, "-t:QuantizeOnnxModels", "-p:BuildingProject=true"));
        Assert.IsTrue(noisy.Says("put into the cache"));

        WholeFiles.Forget(project);
        WriteHost(project, "exec \"$REAL\" \"$@\" > /dev/null");
        BuildLog silent = Verify.Succeeded(project.MSBuild(msbuild, "-t:QuantizeOnnxModels", "-p:BuildingProject=true"));
        Assert.IsTrue(silent.Says("put into the cache"));
    }

    [TestMethod]
    public void Hangs_CtrlCEndsItAndWhatItStarted()
    {
        using var project = new TempProject(Package.Source);
        string msbuild = MSBuildOf(project);
        WriteHost(project, "sleep 600 & echo $! > started.tmp; mv started.tmp started; wait");
        using RunningBuild build = project.StartMSBuild(msbuild);
        var waited = Stopwatch.StartNew();
        while (!File.Exists(project.File("started")) && !build.HasEnded && waited.Elapsed < TimeSpan.FromMinutes(2))
            Thread.Sleep(50);
        int child = int.Parse(File.ReadAllText(project.File("started")), CultureInfo.InvariantCulture);
        Assert.IsTrue(Processes.IsRunning(child));

        build.Signal("INT");
        DotNetRun run = build.WaitForEnd();

        Assert.AreNotEqual(0, run.ExitCode, run.Output);
        Assert.IsFalse(run.Output.Contains("QB9", StringComparison.Ordinal), run.Output);
        Assert.IsTrue(Processes.EndWithin(project, EndOfWorkers));
        Assert.IsFalse(Processes.IsRunning(child));
        WholeFiles.AssertNothingLeftOver(project, "after Ctrl+C");
    }

    /// <summary>Only MSBuild itself leaves the host to the environment; <c>dotnet build</c> sets its own. The compiler
    /// would take the same one.</summary>
    private static string MSBuildOf(TempProject project)
    {
        Verify.Succeeded(project.DotNet("restore"));
        string tools = project.DotNet("msbuild", "-getProperty:MSBuildToolsPath").Output.Trim();
        project.With("DOTNET_HOST_PATH", project.File("host"));
        return Path.Combine(tools, "MSBuild.dll");
    }

    /// <param name="quantizing">Commands of a shell, instead of the worker that quantizes.</param>
    private static void WriteHost(TempProject project, string quantizing)
    {
        project.Write("host", $"""
            #!/bin/sh
            REAL='{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath}'
            case "$*" in
            *quantize.request.json*) {quantizing} ;;
            *) exec "$REAL" "$@" ;;
            esac
            """ + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(project.File("host"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
