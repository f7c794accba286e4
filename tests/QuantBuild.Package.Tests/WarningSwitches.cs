using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>What every warning of .NET obeys; here one of the worker's and one of the targets'.</summary>
[TestClass]
public sealed class WarningSwitches
{
    private const string FewSamples = $"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" SampleLimit="24" />""";

    [TestMethod]
    public void WarningOfTheWorker_ObeysThem()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(FewSamples);

        AssertCounts(project, "QB4006", [], warnings: 1, errors: 0);
        AssertCounts(project, "QB4006", ["-p:NoWarn=QB4006"], warnings: 0, errors: 0);
        AssertCounts(project, "QB4006", ["-p:MSBuildWarningsAsMessages=QB4006"], warnings: 0, errors: 0);
        AssertCounts(project, "QB4006", ["-p:WarningsAsErrors=QB4006"], warnings: 0, errors: 1);
        AssertCounts(project, "QB4006", ["-p:TreatWarningsAsErrors=true"], warnings: 0, errors: 1);
        AssertCounts(project, "QB4006", ["-p:TreatWarningsAsErrors=true", "-p:WarningsNotAsErrors=QB4006"], warnings: 1, errors: 0);
    }

    [TestMethod]
    public void WarningOfTheTargets_ObeysThem()
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", "System.Console.WriteLine();");
        project.WriteProject("");

        AssertCounts(project, "QB1008", [], warnings: 1, errors: 0);
        AssertCounts(project, "QB1008", ["-p:NoWarn=QB1008"], warnings: 0, errors: 0);
        AssertCounts(project, "QB1008", ["-p:MSBuildWarningsAsMessages=QB1008"], warnings: 0, errors: 0);
        AssertCounts(project, "QB1008", ["-p:WarningsAsErrors=QB1008"], warnings: 0, errors: 1);
        AssertCounts(project, "QB1008", ["-p:TreatWarningsAsErrors=true"], warnings: 0, errors: 1);
        AssertCounts(project, "QB1008", ["-p:TreatWarningsAsErrors=true", "-p:WarningsNotAsErrors=QB1008"], warnings: 1, errors: 0);
    }

    private static void AssertCounts(TempProject project, string code, string[] switches, int warnings, int errors)
    {
        if (Directory.Exists(project.File("obj/Debug")))
            Directory.Delete(project.File("obj/Debug"), recursive: true);

        DotNetRun run = project.Build(switches);

        Build build = BinaryLog.ReadBuild(run.BinaryLog);
        string said = string.Join(' ', switches) + "\n" + run.Output;
        Assert.AreEqual(errors == 0 ? 0 : 1, run.ExitCode, said);
        Assert.AreEqual(warnings, build.FindChildrenRecursive<Warning>(warning => warning.Code == code).DistinctBy(warning => warning.Text).Count(), said);
        Assert.AreEqual(errors, build.FindChildrenRecursive<Error>(error => error.Code == code).DistinctBy(error => error.Text).Count(), said);
    }
}
