using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class RuntimeReference
{
    private const string OpeningProgram = """
        using App;
        using System.IO.Stream model = Digits.OpenModel();
        System.Console.WriteLine($"{Digits.Metadata.ResourceName} {Digits.Metadata.ImageName} {Digits.Metadata.ImageDimension2} {model.Length}");
        """;

    [TestMethod]
    public void Missing_ClassHasItsConstantsAndTheModel()
    {
        using var project = new TempProject(Package.Source);
        project.RemoveRuntime();
        project.Write("Program.cs", OpeningProgram);

        DotNetRun run = project.Build();

        Verify.Succeeded(run);
        StringAssert.Contains(run.Output, "warning QB8004: The project does not reference ONNX Runtime");
        long length = new FileInfo(project.Output("digits.onnx")).Length;
        Assert.AreEqual($"QuantBuild.digits.onnx image 28 {length}", project.RunProgram().Output.Trim());
    }

    /// <summary>The reference reaches the program through a library, in one of two target frameworks built at a time.</summary>
    [TestMethod]
    public void ThroughAProject_ClassRunsTheModel()
    {
        using var project = new TempProject(Package.Source);
        project.RemoveRuntime();
        project.Write("Library/Library.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" /></ItemGroup>
            </Project>
            """);
        project.Write("Library/Nothing.cs", "class Nothing { }");
        string text = File.ReadAllText(project.ProjectFile)
            .Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net8.0;net10.0</TargetFrameworks>", StringComparison.Ordinal)
            .Replace("<QuantizeModel", """<Compile Remove="Library/**" /><ProjectReference Include="Library/Library.csproj" /><QuantizeModel""", StringComparison.Ordinal);
        File.WriteAllText(project.ProjectFile, text);

        DotNetRun run = project.Build();

        Verify.Succeeded(run);
        Assert.IsFalse(run.Output.Contains("QB8004", StringComparison.Ordinal), run.Output);
        Assert.AreEqual(0, project.RunProgram().ExitCode);
    }

    [TestMethod]
    public void Present_ModelIsMeasuredWithTheLibraryOfTheProject()
    {
        using var project = new TempProject(Package.Source);

        Verify.Succeeded(project.Build());

        using var request = JsonDocument.Parse(File.ReadAllBytes(project.Output("quantize.request.json")));
        string library = request.RootElement.GetProperty("runtimeLibrary").GetString()!;
        StringAssert.Contains(library.Replace('\\', '/'), "/microsoft.ml.onnxruntime/");
        Assert.IsTrue(File.Exists(library));
        using var report = JsonDocument.Parse(File.ReadAllBytes(project.Output("digits.report.json")));
        StringAssert.StartsWith(report.RootElement.GetProperty("runtime").GetString(), "ONNX Runtime 1.29");
    }
}
