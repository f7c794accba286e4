using System.IO.Compression;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>
/// A library for old and new frameworks whose every warning is an error, used as a project and as a package, which brings nothing of
/// QuantBuild along.
/// </summary>
[TestClass]
public sealed class MultiTargetedLibrary
{
    private static readonly string[] Frameworks = ["net10.0", "net8.0", "netstandard2.0"];

    [TestMethod]
    public void BuiltAsAnIsolatedGraphThenPacked_EveryAssemblyHoldsTheModel()
    {
        using var project = new TempProject(Package.Source, "Repository/App");
        WriteLibrary(project.With("QuantBuildCacheDirectory", ""));
        project.Write("Program.cs", "System.Console.WriteLine(Library.Digits.OpenModel().Length);");
        WriteProgram(project, """<ProjectReference Include="../Library/Library.csproj" />""");
        string library = Path.GetFullPath(project.File("../Library"));
        Verify.Succeeded(project.DotNet("restore"));

        BuildLog built = Verify.Succeeded(project.DotNet("msbuild", "-graph", "-isolate", "-m:2", "-check"));

        Assert.AreEqual(Frameworks.Length, built.QuantizingWorkers, "Each target framework has a folder of its own.");
        Assert.AreEqual("", string.Join('\n', built.BuildCheckFindings));
        Assert.AreEqual(0, project.RunProgram().ExitCode);
        foreach (string framework in Frameworks)
            AssertHoldsModel(File.ReadAllBytes($"{library}/bin/Debug/{framework}/Library.dll"), framework);

        Assert.AreEqual(0, Verify.Succeeded(project.DotNet("build", library, "-f", "net8.0")).AllWorkers);

        Verify.Succeeded(project.DotNet("clean", library));
        Assert.IsEmpty(Directory.GetDirectories($"{library}/obj", "quantbuild", SearchOption.AllDirectories));

        Verify.Succeeded(project.DotNet("pack", library, "-o", "feed"));
        AssertBringsNothingAlong(project.File("feed/DigitsLibrary.1.0.0.nupkg"));

        Directory.Delete(library, recursive: true);
        WriteProgram(project, """<PackageReference Include="DigitsLibrary" Version="1.0.0" />""");
        project.Write("nuget.config", """
            <configuration><packageSources><add key="library" value="feed" /></packageSources></configuration>
            """);
        BuildLog consumer = Verify.Succeeded(project.DotNet("build", "--no-incremental"));
        Assert.IsFalse(consumer.HasTargets);
        Assert.AreEqual(0, project.RunProgram().ExitCode);
    }

    private static void AssertBringsNothingAlong(string path)
    {
        using ZipArchive package = ZipFile.OpenRead(path);
        using var nuspec = new StreamReader(package.GetEntry("DigitsLibrary.nuspec")!.Open());
        Assert.IsFalse(nuspec.ReadToEnd().Contains("\"QuantBuild\"", StringComparison.Ordinal));
        CollectionAssert.AreEquivalent(
            Frameworks.Select(framework => $"lib/{framework}/Library.dll").ToArray(),
            package.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).ToArray());
        Assert.IsFalse(package.Entries.Any(entry => entry.FullName.StartsWith("build", StringComparison.Ordinal)));
        foreach (string framework in Frameworks)
        {
            using Stream assembly = package.GetEntry($"lib/{framework}/Library.dll")!.Open();
            using var content = new MemoryStream();
            assembly.CopyTo(content);
            AssertHoldsModel(content.ToArray(), framework);
        }
    }

    private static void AssertHoldsModel(byte[] assembly, string framework)
    {
        AssemblyContent content = AssemblyContent.Of(new MemoryStream(assembly));
        CollectionAssert.AreEqual(new[] { "QuantBuild.digits.onnx" }, content.Resources.ToArray(), framework);
        CollectionAssert.Contains(content.Types.ToArray(), "Library.Digits", framework);
    }

    /// <summary>
    /// Nothing sets the language version, so that netstandard2.0 has C# 7.3. All analyzers of the SDK are on; CA1014 asks for an attribute
    /// of the assembly, which no class can bring.
    /// </summary>
    private static void WriteLibrary(TempProject project)
    {
        project.CopyModel("../Library/digits.onnx");
        project.Write("../Library/Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <MSBuildTreatWarningsAsErrors>true</MSBuildTreatWarningsAsErrors>
                <WarningLevel>9999</WarningLevel>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <AnalysisMode>All</AnalysisMode>
                <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
                <NoWarn>$(NoWarn);CA1014</NoWarn>
                <Nullable Condition="'$(TargetFramework)' != 'netstandard2.0'">enable</Nullable>
                <IsAotCompatible Condition="'$(TargetFramework)' != 'netstandard2.0'">true</IsAotCompatible>
              </PropertyGroup>
            </Project>
            """);
        project.Write("../Library/Library.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>{string.Join(';', Frameworks)}</TargetFrameworks>
                <PackageId>DigitsLibrary</PackageId>
                <QuantBuildCacheDirectory>false</QuantBuildCacheDirectory>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="QuantBuild" Version="{PackageSource.Version}" PrivateAssets="all" />
                <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />
                <QuantizeModel Include="digits.onnx" Scheme="WeightOnly" Visibility="Public" />
              </ItemGroup>
            </Project>
            """);
    }

    private static void WriteProgram(TempProject project, string reference) => project.Write("App.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
          <ItemGroup>
            {reference}
          </ItemGroup>
        </Project>
        """);
}
