using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class CultureAndThreadCount
{
    private static readonly string[] Outputs = ["digits.onnx", "digits.g.cs"];

    [TestMethod]
    public void OtherFolderTurkishAndOneThread_SameModelAndSameClass()
    {
        using var here = new TempProject(Package.Source);
        using var there = new TempProject(Package.Source, "Başka bir klasör");

        Verify.Succeeded(here.Build());
        Verify.Succeeded(there.With("DOTNET_PROCESSOR_COUNT", "1").With("LANG", "tr_TR.UTF-8").With("LC_ALL", "tr_TR.UTF-8").Build());

        foreach (string output in Outputs)
            CollectionAssert.AreEqual(File.ReadAllBytes(here.Output(output)), File.ReadAllBytes(there.Output(output)), output);
    }

    /// <summary>In German 0.25 is 25; without the data of cultures none but the invariant one exists.</summary>
    [TestMethod]
    public void GermanAndNoCultures_SameModelAndSameClass()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""
            <QuantizeModel Include="{TempProject.Model}" CalibrationData="{TempProject.Data}" MaxAccuracyDrop="0.25" MinAccuracy="0.5" />
            """);
        Verify.Succeeded(project.With("QuantBuildCacheDirectory", "false").With("LC_ALL", "de_DE.UTF-8").Build());
        List<byte[]> german = [.. Outputs.Select(output => File.ReadAllBytes(project.Output(output)))];

        Directory.Delete(project.OutputDirectory, recursive: true);
        Assert.AreEqual(1, Verify.Succeeded(project.With("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1").Build()).QuantizingWorkers);

        for (int i = 0; i < Outputs.Length; i++)
            CollectionAssert.AreEqual(german[i], File.ReadAllBytes(project.Output(Outputs[i])), Outputs[i]);
    }
}
