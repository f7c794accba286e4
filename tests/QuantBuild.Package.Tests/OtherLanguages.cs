using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>The same program in three languages: it prints the outputs of two images, their shape, and what a wrong length is told.</summary>
[TestClass]
public sealed class OtherLanguages
{
    private const string CSharp = """
        using System;
        using System.Linq;
        using App;
        using Digits model = Digits.Load();
        DigitsOutput output = model.Run(Enumerable.Range(0, 2 * 784).Select(index => index % 251 / 250f).ToArray());
        Console.WriteLine(string.Join(" ", output.Logits.ToArray().Select(BitConverter.SingleToInt32Bits)));
        Console.WriteLine(string.Join(",", output.LogitsShape.ToArray()));
        Console.WriteLine(Digits.Metadata.ResourceName + Digits.Metadata.ImageDimension3 + Digits.OpenModel().Length);
        try { model.Run(new float[5]); } catch (ArgumentException exception) { Console.WriteLine(exception.Message); }
        model.Dispose();
        try { model.Run(new float[784]); } catch (ObjectDisposedException exception) { Console.WriteLine(exception.ObjectName); }
        """;

    private const string FSharp = """
        open System
        open App
        let private model = Digits.Load()
        let private output = model.Run([| for index in 0 .. 2 * 784 - 1 -> float32 (index % 251) / 250f |])
        printfn "%s" (String.Join(" ", output.Logits |> Array.map BitConverter.SingleToInt32Bits))
        printfn "%s" (String.Join(",", output.LogitsShape))
        printfn "%s%d%d" DigitsMetadata.ResourceName DigitsMetadata.ImageDimension3 (Digits.OpenModel().Length)
        try model.Run(Array.zeroCreate 5) |> ignore with :? ArgumentException as e -> printfn "%s" e.Message
        model.Dispose()
        try model.Run(Array.zeroCreate 784) |> ignore with :? ObjectDisposedException as e -> printfn "%s" e.ObjectName
        """;

    private const string Basic = """
        Imports System
        Imports System.Linq
        Module Program
            Sub Main()
                Dim model As Global.App.Digits = Global.App.Digits.Load()
                Dim output = model.Run(Enumerable.Range(0, 2 * 784).Select(Function(index) CSng(index Mod 251) / 250.0F).ToArray())
                Console.WriteLine(String.Join(" ", output.Logits.Select(AddressOf BitConverter.SingleToInt32Bits)))
                Console.WriteLine(String.Join(",", output.LogitsShape))
                Console.WriteLine(Digits.Metadata.ResourceName & Digits.Metadata.ImageDimension3 & Digits.OpenModel().Length)
                Try
                    model.Run(New Single(4) {})
                Catch exception As ArgumentException
                    Console.WriteLine(exception.Message)
                End Try
                model.Dispose()
                Try
                    model.Run(New Single(783) {})
                Catch exception As ObjectDisposedException
                    Console.WriteLine(exception.ObjectName)
                End Try
            End Sub
        End Module
        """;

    private static readonly Lazy<string> expected = new(() =>
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", CSharp);
        return Output(project);
    });

    [TestMethod]
    [DataRow("fs", FSharp)]
    [DataRow("vb", Basic)]
    public void Program_GivesWhatTheOneInCSharpGives(string extension, string program)
    {
        using TempProject project = Project(extension, program);

        string output = Output(project);

        Assert.AreEqual(expected.Value, output);
        StringAssert.Contains(output, "so its length must be a positive multiple of 784, but it is 5.");
    }

    [TestMethod]
    [DataRow("fs", "FscCommandLineArgs")]
    [DataRow("vb", "VbcCommandLineArgs")]
    public void DesignTimeBuildOnCleanClone_CompilerSeesTheSource(string extension, string arguments)
    {
        using TempProject project = Project(extension, extension == "fs" ? FSharp : Basic);
        Verify.Succeeded(project.DotNet("restore"));

        DotNetRun run = project.DotNet(
            "msbuild", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingInsideVisualStudio=true", "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true", "-getItem:" + arguments);

        BuildLog log = Verify.Succeeded(run);
        StringAssert.Contains(run.Output, $"digits.g.{extension}\"");
        StringAssert.Contains(run.Output, "QUANTBUILD_ONNXRUNTIME");
        Assert.AreEqual(0, log.QuantizingWorkers);
        Assert.IsTrue(File.Exists(project.Output("digits.g." + extension)));
    }

    private static TempProject Project(string extension, string program)
    {
        var project = new TempProject(Package.Source);
        project.TranslateTo(extension, program);
        if (extension == "fs")
        {
            project.WriteProject(
                $"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" /><Compile Include="Program.fs" />""",
                "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        }
        return project;
    }

    private static string Output(TempProject project)
    {
        Verify.Succeeded(project.Build());
        DotNetRun run = project.RunProgram();
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Errors);
        return run.Output;
    }
}
