using System.ComponentModel;
using System.Diagnostics;

namespace QuantBuild.Build;

/// <summary>One start of another program.</summary>
internal sealed class CommandRunner
{
    private readonly ProcessStartInfo startInfo;

    private CommandRunner(string fileName, string[] arguments)
    {
        startInfo = new ProcessStartInfo(fileName, arguments) { UseShellExecute = false };
    }

    private string DisplayName => $"{Path.GetFileNameWithoutExtension(startInfo.FileName)} {string.Join(' ', startInfo.ArgumentList)}";

    /// <summary>The dotnet that runs this program, so that no other SDK on the search path takes part.</summary>
    public static CommandRunner DotNet(params string[] arguments) => new(Environment.ProcessPath ?? "dotnet", arguments);

    public static CommandRunner Npm(params string[] arguments) => new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments);

    public CommandRunner In(string folder)
    {
        startInfo.WorkingDirectory = folder;
        return this;
    }

    /// <summary>Runs the program on this console.</summary>
    /// <returns>Its exit code.</returns>
    public int Run()
    {
        using Process process = Start();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs the program on this console and fails when it does.</summary>
    public void RunOrFail()
    {
        int exitCode = Run();
        if (exitCode != 0)
            throw new BuildFailure($"'{DisplayName}' ended with exit code {exitCode}.");
    }

    /// <summary>Runs the program silently.</summary>
    /// <returns>Its exit code and all it wrote, to both streams.</returns>
    public (int ExitCode, string Output) Capture()
    {
        startInfo.RedirectStandardOutput = true;
        startInfo.RedirectStandardError = true;
        using Process process = Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Runs the program silently and fails with all it wrote when it fails.</summary>
    public string CaptureOrFail()
    {
        (int exitCode, string output) = Capture();
        return exitCode == 0 ? output : throw new BuildFailure($"'{DisplayName}' ended with exit code {exitCode}:{Environment.NewLine}{output}");
    }

    private Process Start()
    {
        try
        {
            return Process.Start(startInfo) ?? throw new BuildFailure($"'{startInfo.FileName}' could not be started.");
        }
        catch (Win32Exception cause)
        {
            throw new BuildFailure($"'{startInfo.FileName}' could not be started: {cause.Message}.", cause);
        }
    }
}
