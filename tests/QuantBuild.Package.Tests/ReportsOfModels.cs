using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class ReportsOfModels
{
    private const string AsItIs = $"""<QuantizeModel Include="{TempProject.Model}" Scheme="None" />""";

    [TestMethod]
    public void NothingSaid_BinaryLogHoldsTheReport_AlsoWhenNothingChanged()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(AsItIs);

        string[] embedded = Embedded(Built(project));

        CollectionAssert.AreEqual(new[] { File.ReadAllText(project.Output("digits.report.json")) }, embedded);
        Assert.HasCount(1, Embedded(Built(project)));
    }

    [TestMethod]
    public void GateFails_BinaryLogAndFolderHoldTheReport()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(
            $"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" MinAccuracy="0.999" />""",
            "<QuantBuildReport>reports</QuantBuildReport>");

        DotNetRun run = project.Build();

        Verify.Failed(project, run, "QB7002");
        Assert.HasCount(1, Embedded(run));
        StringAssert.Contains(Embedded(run)[0], "\"passed\": false");
        Assert.AreEqual(Embedded(run)[0], File.ReadAllText(project.File("reports/digits.report.json")));
    }

    [TestMethod]
    public void SwitchedOff_BinaryLogHoldsNone()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(AsItIs, "<QuantBuildEmbedInBinlog>false</QuantBuildEmbedInBinlog>");
        Assert.IsEmpty(Embedded(Built(project)));

        project.WriteProject(AsItIs, "<QuantBuildReport>false</QuantBuildReport>");
        Assert.IsEmpty(Embedded(Built(project)));
        Assert.IsFalse(Directory.Exists(project.File("false")));
    }

    [TestMethod]
    public void Path_FileOrFolder_GetsCopies()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(AsItIs, @"<QuantBuildReport>out put\digits.json</QuantBuildReport>");
        Built(project);
        Assert.AreEqual(File.ReadAllText(project.Output("digits.report.json")), File.ReadAllText(project.File("out put/digits.json")));

        project.WriteProject(AsItIs, @"<QuantBuildReport>out put\digits.HTML</QuantBuildReport>");
        Built(project);
        Assert.AreEqual(File.ReadAllText(project.Output("digits.report.html")), File.ReadAllText(project.File("out put/digits.HTML")));
        StringAssert.StartsWith(File.ReadAllText(project.Output("digits.report.html")), "<!DOCTYPE html>");

        project.CopyModel("Models/other.onnx");
        project.WriteProject("""<QuantizeModel Include="Models/*.onnx" Scheme="None" />""", "<QuantBuildReport>reports/of models/</QuantBuildReport>");
        Built(project);
        CollectionAssert.AreEquivalent(
            new[] { "digits.report.html", "digits.report.json", "other.report.html", "other.report.json" },
            Directory.GetFiles(project.File("reports/of models")).Select(Path.GetFileName).ToArray());

        File.Delete(project.File("reports/of models/other.report.json"));
        Built(project);
        Assert.IsTrue(File.Exists(project.File("reports/of models/other.report.json")), "Models that are current have reports too.");

        Verify.Succeeded(project.DotNet("msbuild", "-t:Clean"));
        Assert.IsTrue(File.Exists(project.File("reports/of models/other.report.json")));
        project.WriteProject("""<QuantizeModel Include="Models/*.onnx" Scheme="None" />""", "<QuantBuildReport>all.json</QuantBuildReport>");
        BuildLog log = Verify.Failed(project, project.Build(), "QB1004");
        Verify.At(project, log.Errors[0], "<QuantBuildReport>");
    }

    private static DotNetRun Built(TempProject project)
    {
        DotNetRun run = project.Build();
        Verify.Succeeded(run);
        return run;
    }

    private static string[] Embedded(DotNetRun run) =>
    [
        .. BinaryLog.ReadBuild(run.BinaryLog).SourceFiles
            .Where(file => file.FullPath.EndsWith(".report.json", StringComparison.Ordinal))
            .Select(file => file.Text),
    ];
}
