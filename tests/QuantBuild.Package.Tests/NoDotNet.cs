using System.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Machines where the way to <c>dotnet</c> is not the usual one.</summary>
[TestClass]
public sealed class NoDotNet
{
    [TestMethod]
    public void NotOnThePathAndDotNetRootIsWrong_HostOfTheBuildIsTaken()
    {
        using var project = new TempProject(Package.Source);
        using var empty = new TemporaryFolder();

        DotNetRun run = project.With("PATH", empty.Path).With("DOTNET_ROOT", empty.Path).With("DOTNET_ROOT_X64", empty.Path).Build();

        Assert.AreEqual(1, Verify.Succeeded(run).QuantizingWorkers);
    }

    /// <summary>Only MSBuild itself leaves the host to the environment; <c>dotnet build</c> sets its own.</summary>
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void OnlyAnOlderRuntime_IsNamedInOneError()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));
        string msbuild = Path.Combine(project.DotNet("msbuild", "-getProperty:MSBuildToolsPath").Output.Trim(), "MSBuild.dll");
        project.Write("old-dotnet", "#!/bin/sh\necho 'You must install .NET to run this application.' >&2\nexit 150\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(project.File("old-dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        DotNetRun run = project.With("DOTNET_HOST_PATH", project.File("old-dotnet")).MSBuild(msbuild);

        BuildLog log = Verify.Failed(project, run, "QB9003");
        StringAssert.Contains(log.Errors[0].Text, "You must install .NET");
    }
}
