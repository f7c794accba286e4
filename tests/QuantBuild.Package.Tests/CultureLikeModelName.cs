using System.Globalization;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class CultureLikeModelName
{
    [TestMethod]
    public void ModelCalledLikeGermanText_StaysInTheMainAssembly()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/x.de.onnx");
        project.WriteProject("""<QuantizeModel Include="Models/x.de.onnx" Scheme="None" ClassName="Digits" />""");

        Verify.Succeeded(project.Build());

        Assert.IsFalse(Directory.Exists(project.File("bin/Debug/net10.0/de")), "No satellite assembly.");
        DotNetRun program = project.RunProgram();
        Assert.AreEqual(0, program.ExitCode, program.Errors);
        Assert.AreEqual(new FileInfo(project.Output("x.de.onnx")).Length.ToString(CultureInfo.InvariantCulture), program.Output.Trim());
    }
}
