using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class NoModel
{
    [TestMethod]
    public void MisspeltItem_IsHintedAt()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject("""<QuantiseModel Include="Models/digits.onnx" />""");

        DotNetRun run = project.Build();

        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Output, "warning QB1008: The project references QuantBuild but has no QuantizeModel item");
    }

    [TestMethod]
    public void SwitchedOff_IsNoProblem()
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", "System.Console.WriteLine();");
        project.WriteProject("", "<QuantBuildEnabled>false</QuantBuildEnabled>");

        DotNetRun run = project.Build();

        Verify.Succeeded(run);
        Assert.IsFalse(run.Output.Contains("QB1008", StringComparison.Ordinal), run.Output);
    }
}
