using System.Text.Json;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>What an IDE does to know the types of a project that has never been built.</summary>
[TestClass]
public sealed class DesignTimeBuildOnCleanClone
{
    private static readonly string[] DesignTime =
    [
        "msbuild", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingInsideVisualStudio=true", "-p:SkipCompilerExecution=true",
        "-p:ProvideCommandLineArgs=true", "-getItem:CscCommandLineArgs",
    ];

    [TestMethod]
    public void Compile_SeesTheClassAndQuantizesNothing()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));

        DotNetRun run = project.DotNet(DesignTime);

        BuildLog log = Verify.Succeeded(run);
        Assert.IsTrue(CompilerArguments(run).Any(argument => argument.EndsWith("digits.g.cs", StringComparison.Ordinal)), run.Output);
        StringAssert.Contains(File.ReadAllText(project.Output("digits.g.cs")), "class Digits");
        Assert.AreEqual(0, log.QuantizingWorkers);
        Assert.IsFalse(File.Exists(project.Output("digits.onnx")));
    }

    [TestMethod]
    public void Compile_WithAProblem_SucceedsAndStillListsTheClass()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(properties: "<QuantBuildGate>Of</QuantBuildGate>");
        Verify.Succeeded(project.DotNet("restore"));

        DotNetRun run = project.DotNet(DesignTime);

        BuildLog log = Verify.Succeeded(run);
        Assert.IsTrue(CompilerArguments(run).Any(argument => argument.EndsWith("digits.g.cs", StringComparison.Ordinal)), run.Output);
        Assert.AreEqual("", log.ErrorCodes);
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("netstandard2.0")]
    public void Compile_OfOneTargetFramework_SeesTheClassAndQuantizesNothing(string framework)
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(properties: """
            <TargetFramework></TargetFramework>
                <TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>
                <OutputType>Library</OutputType>
            """);
        Verify.Succeeded(project.DotNet("restore"));

        DotNetRun run = project.DotNet([.. DesignTime, "-p:TargetFramework=" + framework]);

        BuildLog log = Verify.Succeeded(run);
        string generated = $"obj/Debug/{framework}/quantbuild/digits.g.cs";
        Assert.IsTrue(
            CompilerArguments(run).Any(argument => argument.Replace('\\', '/').EndsWith(generated, StringComparison.Ordinal)), run.Output);
        StringAssert.Contains(File.ReadAllText(project.File(generated)), "class Digits");
        Assert.AreEqual(0, log.QuantizingWorkers);
    }

    private static IEnumerable<string> CompilerArguments(DotNetRun run) => JsonDocument.Parse(run.Output.AsMemory(run.Output.IndexOf('{')))
        .RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
        .Select(item => item.GetProperty("Identity").GetString()!);
}
