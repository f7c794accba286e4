using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class CompressedModel
{
    private const string Printing = """
        using App;
        using Digits model = Digits.Load();
        using System.IO.MemoryStream bytes = new();
        using (System.IO.Stream opened = Digits.OpenModel())
            opened.CopyTo(bytes);
        System.Console.WriteLine($"{model.Run(new float[784]).Logits.Length} {bytes.Length} {Digits.Metadata.ModelSizeBytes}");
        """;

    [TestMethod]
    public void Brotli_AssemblyIsSmallerAndRunsTheSameModelAndCleanRemovesThePackedFile()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());
        byte[] model = File.ReadAllBytes(project.Output("digits.onnx"));
        long plain = new FileInfo(project.Assembly).Length;
        project.Write("Program.cs", Printing);

        Verify.Succeeded(project.Build("-p:QuantBuildCompression=Brotli"));

        CollectionAssert.AreEqual(model, File.ReadAllBytes(project.Output("digits.onnx")));
        long saved = model.Length - new FileInfo(project.Output("digits.onnx.br")).Length;
        Assert.IsTrue(saved > 0 && new FileInfo(project.Assembly).Length < plain - (saved / 2), $"{plain} → {new FileInfo(project.Assembly).Length}, saved {saved}");
        Assert.AreEqual($"10 {model.Length} {model.Length}", project.RunProgram().Output.Trim());

        BuildLog again = Verify.Succeeded(project.Build("-p:QuantBuildCompression=Brotli"));
        Assert.AreEqual(0, again.QuantizingWorkers);
        File.Delete(project.Output("digits.onnx.br"));
        Verify.Succeeded(project.Build("-p:QuantBuildCompression=Brotli"));
        Assert.AreEqual($"10 {model.Length} {model.Length}", project.RunProgram().Output.Trim());

        Verify.Succeeded(project.Build());
        Assert.IsFalse(File.Exists(project.Output("digits.onnx.br")));
        Assert.AreEqual($"10 {model.Length} {model.Length}", project.RunProgram().Output.Trim());
    }

    [TestMethod]
    public void NoDecoder_IsToldForThatFramework()
    {
        using var project = new TempProject(Package.Source);
        File.Delete(project.File("Program.cs"));
        string text = File.ReadAllText(project.ProjectFile)
            .Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFramework>netstandard2.0</TargetFramework>", StringComparison.Ordinal)
            .Replace("<OutputType>Exe</OutputType>", "", StringComparison.Ordinal);
        File.WriteAllText(project.ProjectFile, text);

        DotNetRun run = project.Build("-p:QuantBuildCompression=Brotli");

        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Output, "error QB8007: 'Models/digits.onnx' cannot be embedded with Compression=Brotli in a project for netstandard2.0");
    }
}
