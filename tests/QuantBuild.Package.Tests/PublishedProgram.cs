using System.Runtime.InteropServices;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A program with one embedded model and one beside it.</summary>
[TestClass]
public sealed class PublishedProgram
{
    [TestMethod]
    public void AsFolderAndAsOneTrimmedFile_BothModelsAreFound()
    {
        using var project = new TempProject(Package.Source);
        project.CopyModel("Models/beside.onnx");
        project.Write("Program.cs", """
            using App;
            using Digits digits = Digits.Load();
            using Beside beside = Beside.Load();
            System.Console.WriteLine(digits.Run(new float[784]).Logits.Length + beside.Run(new float[784]).Logits.Length);
            """);
        project.WriteProject("""
            <QuantizeModel Include="Models/digits.onnx" Scheme="None" />
                <QuantizeModel Include="Models/beside.onnx" Scheme="None" Embed="false" />
            """);

        Verify.Succeeded(project.DotNet("publish", "-o", "folder"));

        Assert.IsTrue(File.Exists(project.File("folder/beside.onnx")));
        Assert.IsFalse(File.Exists(project.File("folder/digits.onnx")));
        DotNetRun framework = project.RunProgram(project.File("folder/App.dll"));
        Assert.AreEqual("20", framework.Output.Trim(), framework.Errors);

        DotNetRun publish = project.DotNet(
            "publish", "-o", "single", "-r", RuntimeInformation.RuntimeIdentifier,
            "-p:SelfContained=true", "-p:PublishSingleFile=true", "-p:PublishTrimmed=true");

        Verify.Succeeded(publish);
        Assert.IsFalse(publish.Output.Contains("warning IL", StringComparison.Ordinal), publish.Output);
        Assert.IsFalse(File.Exists(project.File("single/App.dll")), "It is in the one file.");
        Assert.IsTrue(File.Exists(project.File("single/beside.onnx")));
        DotNetRun single = project.RunNative(project.File(OperatingSystem.IsWindows() ? "single/App.exe" : "single/App"));
        Assert.AreEqual("20", single.Output.Trim(), single.Errors);
    }
}
