using System.Diagnostics;
using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Testing;

namespace QuantBuild.Cli.Tests;

/// <summary>The program as a process of its own: its streams, signals, and what it loads.</summary>
[TestClass]
public sealed class ProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "quantbuild.dll");

    [TestMethod]
    public void Redirected_JsonAloneOnStandardOutput_NoEscapeCodes()
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);

        DotNetRun run = DotNetRun.Start(
            folder.Path,
            new Dictionary<string, string> { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8" },
            ["exec", Program, "quantize", Digits.Model, "--scheme", "Float16", "--cache-directory", "false", "--json"]);

        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Errors);
        using JsonDocument result = JsonDocument.Parse(run.Output);
        StringAssert.Matches(result.RootElement.GetProperty("result").GetProperty("summary").GetString(), new(@"\(0\.\d\d x\)"));
        Assert.IsFalse(run.Output.Contains('\e') || run.Errors.Contains('\e'), run.Errors);
        StringAssert.Contains(run.Errors, "digits.quantized: load");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Interrupted_NothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        Digits.CopyTo(folder.Path);
        ProcessStartInfo start = DotNetRun.StartInfo(folder.Path, new Dictionary<string, string>(), []);
        string[] command = ["--default-signal=INT", start.FileName, "exec", Program, .. Digits.Quantize("--block-reconstruction", "true")];
        start.FileName = "env";
        foreach (string argument in command)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            while (process.StandardError.ReadLine() is { } line && !line.EndsWith("calibrate", StringComparison.Ordinal))
                continue;
            Processes.Signal(process.Id, "INT");
            string rest = process.StandardError.ReadToEnd();

            Assert.IsTrue(process.WaitForExit(Limit), rest);
            Assert.AreEqual(ExitCode.Interrupted, process.ExitCode, rest);
            StringAssert.Contains(rest, "stopped");
            Assert.IsFalse(rest.Contains("   at ", StringComparison.Ordinal), rest);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
        CollectionAssert.AreEquivalent(new[] { Digits.Model, Digits.Data }, Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());
    }

    /// <summary>Starting the worker is part of every build that quantizes.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Worker_LoadsNothingOfTheTool()
    {
        using var folder = new TemporaryFolder();
        using (Process mkfifo = Process.Start("mkfifo", [folder.File("request.json")]))
            mkfifo.WaitForExit();
        ProcessStartInfo start = DotNetRun.StartInfo(
            folder.Path, new Dictionary<string, string>(), ["exec", Program, "worker", folder.File("request.json"), folder.File("result.json")]);
        start.RedirectStandardInput = true;
        using var worker = Process.Start(start)!;
        try
        {
            // Opening the other end waits until the worker reads.
            using (var request = new FileStream(folder.File("request.json"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                string maps = File.ReadAllText($"/proc/{worker.Id}/maps");
                StringAssert.Contains(maps, "quantbuild.dll");
                Assert.IsFalse(maps.Contains("System.CommandLine", StringComparison.Ordinal));
                Assert.IsFalse(maps.Contains("Spectre.Console", StringComparison.Ordinal));
                request.Write("{}"u8);
            }
            Assert.IsTrue(worker.WaitForExit(Limit));
        }
        finally
        {
            if (!worker.HasExited)
                worker.Kill();
        }
    }
}
