using QuantBuild.Data;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class FolderOfSamples
{
    private const string Folder = "Data/samples";

    [TestMethod]
    public void OneFileMoreOrLessOrOther_IsQuantizedAgain_TouchedOrUntouchedIsNot()
    {
        using var project = new TempProject(Package.Source);
        WriteSamples(project, 120);
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="{Folder}" />""");
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);

        Assert.IsFalse(Verify.Succeeded(project.Build()).Ran("QuantizeOnnxModels"), "Nothing has changed.");

        File.SetLastWriteTimeUtc(Sample(project, 7), DateTime.UtcNow);
        BuildLog touched = Verify.Succeeded(project.Build());
        Assert.IsTrue(touched.Says("is current: same content"));
        Assert.AreEqual(0, touched.AllWorkers);

        // Older than every build: only the list of files tells.
        File.Copy(Sample(project, 3), Sample(project, 500));
        File.SetLastWriteTimeUtc(Sample(project, 500), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers, "A file was added.");

        File.Delete(Sample(project, 500));
        File.Delete(Sample(project, 9));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers, "A file is gone.");

        File.WriteAllBytes(Sample(project, 4), File.ReadAllBytes(Sample(project, 3)));
        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers, "A file has other content.");
        Assert.IsFalse(Verify.Succeeded(project.Build()).Ran("QuantizeOnnxModels"), "All is noted.");
    }

    private static void WriteSamples(TempProject project, int count)
    {
        ISampleSource digits = NpzSampleSource.Open(project.File(TempProject.Data), TempProject.Data, null);
        SampleArray image = digits.Arrays.Single(array => array.Name != SampleBinding.LabelsName);
        Directory.CreateDirectory(project.File(Folder));
        using ISampleReader reader = digits.OpenReader([image.Name]);
        byte[] sample = new byte[image.SampleBytes];
        for (int i = 0; i < count && reader.TryRead([sample.AsMemory()]); i++)
            File.WriteAllBytes(Sample(project, i), NpzWriter.Npy(new NamedArray(image.Name, image.ElementType, [.. image.Shape.Skip(1)], sample)));
    }

    private static string Sample(TempProject project, int number) => Path.Combine(project.File(Folder), $"{number:D4}.npy");
}
