using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class ItemRemoved
{
    [TestMethod]
    public void OneOfTwo_TakesItsOutputsAlong()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/other.onnx");
        project.WriteProject("""
            <QuantizeModel Include="Models/digits.onnx" Scheme="None" />
                <QuantizeModel Include="Models/other.onnx" Scheme="None" />
            """);
        Verify.Succeeded(project.Build());
        Assert.IsTrue(File.Exists(project.Output("other.onnx")));
        CollectionAssert.IsSubsetOf(new[] { "App.Digits", "App.Other" }, AssemblyContent.Of(project.Assembly).Types.ToArray());

        project.WriteProject("""<QuantizeModel Include="Models/digits.onnx" Scheme="None" />""");
        BuildLog second = Verify.Succeeded(project.Build());

        Assert.AreEqual(0, Directory.GetFiles(project.OutputDirectory, "other.*").Length);
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
        Assert.IsTrue(second.Says("QuantBuild: 0 of 1 models to quantize."));
        StringAssert.Contains(File.ReadAllText(project.File("quantbuild.lock.json")), "Models/digits.onnx");
        Assert.IsFalse(File.ReadAllText(project.File("quantbuild.lock.json")).Contains("Models/other.onnx", StringComparison.Ordinal));
        AssemblyContent assembly = AssemblyContent.Of(project.Assembly);
        CollectionAssert.AreEqual(new[] { "QuantBuild.digits.onnx" }, assembly.Resources.ToArray());
        CollectionAssert.Contains(assembly.Types.ToArray(), "App.Digits");
        CollectionAssert.DoesNotContain(assembly.Types.ToArray(), "App.Other");
    }

    [TestMethod]
    public void TheLastOne_LeavesNothing()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());

        project.Write("Program.cs", "System.Console.WriteLine();");
        project.WriteProject("");
        Verify.Succeeded(project.Build());

        Assert.AreEqual(0, Directory.GetFiles(project.OutputDirectory).Length);
        AssemblyContent assembly = AssemblyContent.Of(project.Assembly);
        Assert.IsEmpty(assembly.Resources);
        CollectionAssert.DoesNotContain(assembly.Types.ToArray(), "App.Digits");
    }
}
