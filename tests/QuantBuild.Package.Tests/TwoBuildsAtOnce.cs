using System.Text.RegularExpressions;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>An IDE and a command line build the same folder.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class TwoBuildsAtOnce
{
    private static readonly Regex ErrorCode = new(@"error (?<code>[A-Z]+\d+):");

    [TestMethod]
    public void SameProject_NothingIsDamagedAndTheNextBuildIsRight()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        IReadOnlyDictionary<string, string> alone = WholeFiles.Of(project);
        WholeFiles.Forget(project);

        using RunningBuild first = project.StartBuild("--no-restore");
        using RunningBuild second = project.StartBuild("--no-restore");
        DotNetRun[] runs = [first.WaitForEnd(), second.WaitForEnd()];

        Assert.IsTrue(runs.Any(run => run.ExitCode == 0), runs[0].Output + runs[1].Output);
        foreach (DotNetRun run in runs.Where(run => run.ExitCode != 0))
            foreach (Match error in ErrorCode.Matches(run.Output))
                Assert.IsTrue(IsOfTheCompilerOrOfCopying(error.Groups["code"].Value), run.Output);
        CollectionAssert.AreEquivalent(alone.ToArray(), WholeFiles.Of(project).ToArray());
        WholeFiles.AssertNothingLeftOver(project, "after both");
        WholeFiles.AssertCacheIsWhole(project, "after both");

        Verify.Succeeded(project.Build("--no-restore"));
        CollectionAssert.AreEquivalent(alone.ToArray(), WholeFiles.Of(project).ToArray());
        Assert.AreEqual(0, project.RunProgram().ExitCode);
    }

    /// <summary>They have the assembly open that the other one writes.</summary>
    private static bool IsOfTheCompilerOrOfCopying(string code) =>
        new[] { "CS", "MSB30", "MSB34" }.Any(prefix => code.StartsWith(prefix, StringComparison.Ordinal));
}
