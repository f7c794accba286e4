using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A repository with versions and outputs in central places.</summary>
[TestClass]
public sealed class TwoProjectsOneModel
{
    [TestMethod]
    public void CentralVersionsAndArtifactsFolder_BothBuild()
    {
        using var project = new TempProject(Package.Source, "Repository/App");
        string repository = Path.GetDirectoryName(project.Directory)!;
        project.Write("../Directory.Packages.props", $"""
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <GlobalPackageReference Include="QuantBuild" Version="{PackageSource.Version}" />
                <PackageVersion Include="Microsoft.ML.OnnxRuntime" Version="1.29.0.1" />
              </ItemGroup>
            </Project>
            """);
        project.Write("../Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <UseArtifactsOutput>true</UseArtifactsOutput>
                <ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.OnnxRuntime" />
                <QuantizeModel Include="$(MSBuildThisFileDirectory)App/Models/digits.onnx" Scheme="None" Visibility="Public" />
              </ItemGroup>
            </Project>
            """);
        project.Write("../Library/Library.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        project.Write("Program.cs", "System.Console.WriteLine(App.Digits.OpenModel().Length - Library.Digits.OpenModel().Length);");
        project.Write("App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Library/Library.csproj" />
              </ItemGroup>
            </Project>
            """);

        Assert.AreEqual(2, Verify.Succeeded(project.Build("-m:2")).QuantizingWorkers);

        foreach (string name in new[] { "App", "Library" })
        {
            Assert.IsTrue(File.Exists($"{repository}/artifacts/obj/{name}/debug/quantbuild/digits.onnx"));
            AssemblyContent assembly = AssemblyContent.Of($"{repository}/artifacts/bin/App/debug/{name}.dll");
            CollectionAssert.Contains(assembly.Resources.ToArray(), "QuantBuild.digits.onnx");
        }

        DotNetRun program = project.RunProgram($"{repository}/artifacts/bin/App/debug/App.dll");
        Assert.AreEqual("0", program.Output.Trim(), program.Errors);
        Assert.AreEqual(0, Verify.Succeeded(project.Build("-m:2")).AllWorkers);
    }
}
