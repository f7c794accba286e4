using System.Text.RegularExpressions;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A solution whose projects, one of them for two frameworks, all name the same model.</summary>
[TestClass]
public sealed class ManyProjectsOneModel
{
    private const int Libraries = 7;

    [TestMethod]
    public void BuiltInParallel_QuantizedOnce()
    {
        using var project = new TempProject(Package.Source, "Solution/App");
        string[] names = [.. Enumerable.Range(1, Libraries).Select(number => $"Library{number}")];
        foreach (string name in names)
            project.Write($"../{name}/{name}.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFrameworks>{(name == names[0] ? "net8.0;net10.0" : "net10.0")}</TargetFrameworks>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="QuantBuild" Version="{PackageSource.Version}" PrivateAssets="all" />
                    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />
                    <QuantizeModel Include="../App/{TempProject.Model}" CalibrationData="../App/{TempProject.Data}" />
                  </ItemGroup>
                </Project>
                """);
        project.WriteProject($"""
            <QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" />
            {string.Concat(names.Select(name => $"<ProjectReference Include=\"../{name}/{name}.csproj\" />"))}
            <ProjectReference Include="../{names[0]}/{names[0]}.csproj" SetTargetFramework="TargetFramework=net8.0"
                              ReferenceOutputAssembly="false" />
            """);

        DotNetRun run = project.Build("-m:4", "-v:n");

        BuildLog log = Verify.Succeeded(run);
        Assert.AreEqual(Libraries + 2, log.QuantizingWorkers);
        Assert.AreEqual(1, Regex.Count(run.Output, "put into the cache"), run.Output);
        Assert.AreEqual(Libraries + 1, Regex.Count(run.Output, "found in the cache"), run.Output);
        byte[] shipped = File.ReadAllBytes(project.Output("digits.onnx"));
        string[] others = [.. names.SelectMany(name =>
            Directory.GetFiles(project.File($"../{name}/obj"), "digits.onnx", SearchOption.AllDirectories))];
        Assert.HasCount(Libraries + 1, others);
        foreach (string other in others)
            CollectionAssert.AreEqual(shipped, File.ReadAllBytes(other), other);
    }
}
