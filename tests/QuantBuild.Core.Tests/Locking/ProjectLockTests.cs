using QuantBuild.Caching;
using QuantBuild.Core.Tests.Reporting;
using QuantBuild.Diagnostics;
using QuantBuild.Locking;
using QuantBuild.Reporting;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Locking;

[TestClass]
public sealed class ProjectLockTests
{
    [TestMethod]
    public void Close_SomebodyElseHoldsTheFileForTooLong_IsAWarning()
    {
        using var folder = new TemporaryFolder();
        var request = new ProjectRequest(folder.Path, folder.File("obj"), "App", "C#", [], []);
        var problems = new DiagnosticBag();
        ProjectLock project = ProjectLock.Open(request, BuildSettings.Of(request), problems)!;
        project.LongestWait = TimeSpan.FromMilliseconds(10);
        using (CacheLock.TryTake(Path.Combine(request.SharedDirectory, "quantbuild.lock")))
            project.Close(problems, CancellationToken.None);

        Assert.AreEqual("QB9012", problems.Diagnostics.Single().Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, problems.Diagnostics.Single().Severity);
    }

    [TestMethod]
    public void Close_BuildIsCancelledMeanwhile_StopsWithoutAWarning()
    {
        using var folder = new TemporaryFolder();
        var request = new ProjectRequest(folder.Path, folder.File("obj"), "App", "C#", [], []);
        var problems = new DiagnosticBag();
        ProjectLock project = ProjectLock.Open(request, BuildSettings.Of(request), problems)!;

        Assert.ThrowsExactly<OperationCanceledException>(() => project.Close(problems, new CancellationToken(canceled: true)));
        Assert.IsEmpty(problems.Diagnostics);
    }

    [TestMethod]
    [DataRow("Static", 1)]
    [DataRow("Dynamic", 0)]
    public void Choices_NodeThatTheRuntimeDidNotFuse_WasChosenOnlyWithMeasuredRanges(string scheme, int expected)
    {
        QuantizationReport report = ReportSample.Report with
        {
            Settings = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Scheme"] = scheme },
            Nodes = [new NodeReport("product", "MatMul", "unfused", null, null)],
        };
        LockedChoices choices = Replay.ChoicesIn(report);
        Assert.HasCount(expected, choices.Integers);
    }
}
