using System.Runtime.InteropServices;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A program that gets the class from a container of services, as managed and as native code, all warnings as errors.</summary>
[TestClass]
public sealed class NativeProgram
{
    private const string Program = """
        using System;
        using System.Globalization;
        using System.Linq;
        using App;
        using Microsoft.Extensions.DependencyInjection;

        int configured = 0;
        var services = new ServiceCollection();
        services.AddDigits(options => { configured++; options.Configure = session => session.IntraOpNumThreads = 1; });
        Digits digits;
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            Console.WriteLine(configured);
            digits = provider.GetRequiredService<Digits>();
            Console.WriteLine(ReferenceEquals(digits, provider.GetRequiredService<Digits>()) && configured == 1);
            float[] image = Enumerable.Range(0, 784).Select(index => index % 251 / 250f).ToArray();
            Console.WriteLine(digits.Run(image).Top(1).Single().Label + string.Concat(digits.Run(new float[2 * 784]).TopProbabilities(20, 1).Select(best => best.Label)).Length);
            Console.WriteLine(string.Join(' ', digits.Run(image).Logits.ToArray().Select(value => value.ToString("F2", CultureInfo.InvariantCulture))));
        }
        try { digits.Run(new float[784]); }
        catch (ObjectDisposedException exception) { Console.WriteLine(exception.ObjectName); }
        """;

    [TestMethod]
    public void Managed_ServiceIsLoadedOnceAndDisposedWithTheContainer()
    {
        using TempProject project = Project();

        Verify.Succeeded(project.Build("-f", "net10.0"));

        AssertPrints(project.RunProgram());
    }

    /// <summary>Of .NET 10 there is no native runtime in every package source; a trimmed program for it is in <see cref="PublishedProgram"/>.</summary>
    [TestMethod]
    [RequiresLinker]
    [DataRow("net8.0")]
    [DataRow("net9.0")]
    public void Native_ServiceIsLoadedOnceAndDisposedWithTheContainer(string framework)
    {
        using TempProject project = Project();

        DotNetRun publish = project.DotNet("publish", "-f", framework, "-r", RuntimeInformation.RuntimeIdentifier, "-o", framework);

        Verify.Succeeded(publish);
        Assert.IsFalse(publish.Output.Contains("warning", StringComparison.Ordinal), publish.Output);
        Assert.IsFalse(File.Exists(project.File($"{framework}/App.dll")), "It is native code.");
        AssertPrints(project.RunNative(project.File(OperatingSystem.IsWindows() ? $"{framework}/App.exe" : $"{framework}/App")));
    }

    private static void AssertPrints(DotNetRun run)
    {
        string[] lines = run.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(5, lines, run.Output + run.Errors);
        Assert.AreEqual("0", lines[0], "Nothing is loaded before it is asked for.");
        Assert.AreEqual("True", lines[1]);
        StringAssert.Matches(lines[2], new("^(zero|one|two|three|four|five|six|seven|eight|nine)40$"), "40 letters: every class once");
        Assert.HasCount(10, lines[3].Split(' '));
        StringAssert.EndsWith(lines[4], "Digits");
    }

    private static TempProject Project()
    {
        var project = new TempProject(Package.Source);
        project.Write("Program.cs", Program);
        project.Write("digits.txt", "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");
        project.WriteProject(
            """
            <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="10.0.*" />
                <QuantizeModel Include="Models/digits.onnx" Scheme="None" Labels="digits.txt" />
            """,
            """
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <IsAotCompatible>true</IsAotCompatible>
                <EnableSingleFileAnalyzer>true</EnableSingleFileAnalyzer>
                <PublishAot Condition="'$(TargetFramework)' != 'net10.0'">true</PublishAot>
                <StripSymbols>false</StripSymbols>
            """);
        File.WriteAllText(project.ProjectFile, File.ReadAllText(project.ProjectFile).Replace(
            "<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net8.0;net9.0;net10.0</TargetFrameworks>", StringComparison.Ordinal));
        return project;
    }
}
