using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class SeveralProblems
{
    [TestMethod]
    public void AllAreReportedAtOnce()
    {
        using var project = new TempProject(Package.Source);
        project.Write("Models/half.onnx", "not a model");
        project.Write("Data/half.npz", "no data");
        project.WriteProject(
            items: """
                <QuantizeModel Include="Models/digits.onnx" CalibrationData="Data/gone.npz" />
                    <QuantizeModel Include="Models/half.onnx" CalibrationData="Data/half.npz" Metric="Topp1" />
                    <QuantizeModel Include="Models/gone.onnx" Gate="Of" />
                """,
            properties: "<QuantBuildMaxAcuracyDrop>0.01</QuantBuildMaxAcuracyDrop>");

        DotNetRun run = project.Build();

        Assert.AreEqual(1, run.ExitCode, run.Output);
        string[] codes = [.. BuildLog.Of(run).Errors.Select(error => error.Code).Order()];
        CollectionAssert.AreEqual(new[] { "QB1001", "QB1002", "QB1002", "QB1005", "QB1005", "QB2001", "QB4001" }, codes, run.Output);
        Assert.AreEqual(0, BuildLog.Of(run).QuantizingWorkers);
    }
}
