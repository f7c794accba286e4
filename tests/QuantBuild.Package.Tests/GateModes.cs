using Microsoft.Build.Logging.StructuredLogger;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>No quantized model has exactly the outputs of the float model, so that a drop of nothing is never reached.</summary>
[TestClass]
public sealed class GateModes
{
    private const string Limit = """Scheme="Static" Metric="CosineSimilarity" MaxAccuracyDrop="0" """;

    [TestMethod]
    public void Error_BuildFails()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(Item(Limit + """Gate="Error" """));

        Verify.Failed(project, project.Build(), "QB7001");
    }

    [TestMethod]
    public void Warning_BuildSucceedsAndWarns()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(Item(Limit + """Gate="Warning" """));

        DotNetRun run = project.Build();

        Verify.Succeeded(run);
        Warning warning = BinaryLog.ReadBuild(run.BinaryLog).FindChildrenRecursive<Warning>(warning => warning.Code == "QB7001")[0];
        Assert.AreEqual((project.ProjectFile, project.LineOf("MaxAccuracyDrop=")), (warning.File, warning.LineNumber));
        Assert.IsTrue(File.Exists(project.Assembly));
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
        Assert.IsFalse(File.Exists(project.Output("digits.rejected.onnx")));
    }

    /// <summary>A limit on the item would contradict it; one of the project does not hold then.</summary>
    [TestMethod]
    public void Off_NothingIsChecked()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(Item("""Gate="Off" """), "<QuantBuildMaxAccuracyDrop>0</QuantBuildMaxAccuracyDrop>");

        DotNetRun run = project.Build();

        Verify.Succeeded(run);
        Assert.IsFalse(run.Output.Contains("QB7", StringComparison.Ordinal), run.Output);
        Assert.IsTrue(File.Exists(project.Assembly));
    }

    private static string Item(string metadata) => $"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" {metadata}/>""";
}
