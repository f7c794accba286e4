using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>One item with several forms of its model: one class, a file for each.</summary>
[TestClass]
public sealed class ThreeVariants
{
    private const string Program = """
        using System;
        using App;
        var image = new float[28 * 28];
        foreach (string name in new[] { "Static", "WeightOnly8", "Float16" })
        {
            using Digits model = Digits.Load(Enum.Parse<DigitsVariant>(name));
            Console.WriteLine($"{model.Variant} {Digits.OpenModel(model.Variant).Length} {model.Run(image).Logits.Length}");
        }
        Console.WriteLine($"smallest {Digits.Resolve(DigitsVariant.Smallest)}");
        using DigitsAdaptive adaptive = Digits.LoadAdaptive(new DigitsAdaptiveOptions { LatencyBudget = TimeSpan.FromMinutes(1) });
        int answers = 0;
        for (int call = 0; call < 50; call++)
            answers += adaptive.Run(image).Logits.Length / 10;
        Console.WriteLine($"adaptive {answers} {adaptive.Current == Digits.Resolve(DigitsVariant.MostAccurate)}");
        """;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Build_OneItem_ProgramLoadsEveryForm(bool embed)
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", Program);
        WriteProject(project, "Static;WeightOnly8;Float16", embed ? "" : "Embed=\"false\"");

        BuildLog first = Verify.Succeeded(project.Build());

        Assert.IsTrue(first.Says("QuantBuild: 3 of 3 models to quantize."));
        long[] sizes = [.. new[] { "Static", "WeightOnly8", "Float16" }.Select(name => new FileInfo(project.Output($"digits.{name}.onnx")).Length)];
        DotNetRun run = project.RunProgram();
        Assert.AreEqual(0, run.ExitCode, run.Errors);
        string smallest = sizes[0] <= sizes[1] ? "Static" : "WeightOnly8";
        Assert.AreEqual(
            $"Static {sizes[0]} 10\nWeightOnly8 {sizes[1]} 10\nFloat16 {sizes[2]} 10\nsmallest {smallest}\nadaptive 50 True\n",
            run.Output.ReplaceLineEndings("\n"));
        string[] resources = [.. AssemblyContent.Of(project.Assembly).Resources];
        Assert.AreEqual(embed ? 3 : 0, resources.Length);

        DateTime built = File.GetLastWriteTimeUtc(project.Assembly);
        BuildLog second = Verify.Succeeded(project.Build());
        Assert.AreEqual(0, second.QuantizingWorkers);
        Assert.AreEqual(built, File.GetLastWriteTimeUtc(project.Assembly), "Nothing is compiled again.");
    }

    [TestMethod]
    public void Build_VariantIsTakenOut_ItsFilesGoAndTheOthersStay()
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", "using App; System.Console.WriteLine(Digits.OpenModel(DigitsVariant.Static).Length);");
        WriteProject(project, "Static;Float16");
        Verify.Succeeded(project.Build());

        WriteProject(project, "Static");
        BuildLog second = Verify.Succeeded(project.Build());

        Assert.IsTrue(second.Says("QuantBuild: 0 of 1 models to quantize."));
        Assert.IsEmpty(Directory.GetFiles(project.OutputDirectory, "digits.Float16.*"));
        Assert.Contains("App.DigitsVariant", AssemblyContent.Of(project.Assembly).Types);
        Assert.AreEqual("QuantBuild.digits.Static.onnx", AssemblyContent.Of(project.Assembly).Resources.Single());
        Assert.DoesNotContain("digits.onnx#Float16", File.ReadAllText(project.File("quantbuild.lock.json")));
        Assert.AreEqual(0, project.RunProgram().ExitCode);
    }

    [TestMethod]
    public void Build_OneVariantFailsAtTheGate_NoAssemblyIsLeft()
    {
        using var project = new TempProject(Package.Source);
        project.Write("Program.cs", "using App; System.Console.WriteLine(Digits.OpenModel(DigitsVariant.Static).Length);");
        WriteProject(project, "Static;None");
        Verify.Succeeded(project.Build());

        WriteProject(project, "Static;None", "MinAccuracy=\"0.999\"");
        BuildLog log = Verify.Failed(project, project.Build(), "QB7002");

        Verify.At(project, log.Errors[0], "MinAccuracy=");
        Assert.IsTrue(File.Exists(project.Output("digits.Static.rejected.onnx")));
        Assert.IsTrue(File.Exists(project.Output("digits.None.onnx")));
        Assert.IsEmpty(Directory.GetFiles(project.Directory, "App.dll", SearchOption.AllDirectories), "The assembly of the build before holds the refused model.");
    }

    private static void WriteProject(TempProject project, string variants, string settings = "") => project.WriteProject(
        $"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" Variants="{variants}" {settings} />""");
}
