using System.Runtime.InteropServices;
using System.Text;
using QuantBuild.Data;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A project with a folder of pictures, whose program runs the model with pixels.</summary>
[TestClass]
public sealed class FolderOfPictures
{
    private const string Settings = """Resize="28x28" Mean="0.5" Std="0.5" """;

    private const int Pictures = 200;

    [TestMethod]
    public void CalibratedWithPictures_ProgramClassifiesPixels()
    {
        using var project = new TempProject(Package.Source);
        int[] classes = WritePictures(project);
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" CalibrationData="Data/pictures" Metric="Top1" MinAccuracy="0.8" {Settings}/>""");
        project.Write("Program.cs", """
            using System;
            using System.IO;
            using System.Linq;
            using App;
            using Digits model = Digits.Load();
            foreach (string picture in Directory.GetFiles("Data/pictures", "*.pgm", SearchOption.AllDirectories).OrderBy(Path.GetFileName, StringComparer.Ordinal))
            {
                byte[] pixels = File.ReadAllBytes(picture)[^784..];
                float[] logits = model.Run(pixels, 28, 28, 28, Digits.PixelFormat.Gray8).Logits.ToArray();
                Console.WriteLine(Array.IndexOf(logits, logits.Max()));
            }
            """);

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
        string[] found = project.RunProgram().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.HasCount(Pictures, found);
        int right = found.Zip(classes).Count(pair => pair.First == $"{pair.Second}");
        Assert.IsGreaterThan(Pictures * 9 / 10, right, $"{right} of {Pictures} are right.");

        Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers, "Nothing has changed.");
    }

    [TestMethod]
    public void LibraryForNetStandard_Compiles()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject($"""<QuantizeModel Include="{TempProject.Model}" Scheme="WeightOnly" {Settings}/>""");
        string file = File.ReadAllText(project.ProjectFile)
            .Replace("net10.0", "netstandard2.0", StringComparison.Ordinal).Replace("<OutputType>Exe</OutputType>", "", StringComparison.Ordinal);
        File.WriteAllText(project.ProjectFile, file);
        project.Write("Program.cs", """
            namespace App
            {
                public static class Classifier
                {
                    public static float[] Run(byte[] pixels)
                    {
                        using (Digits model = Digits.Load())
                        {
                            return model.Run(pixels, 28, 28, 84, Digits.PixelFormat.Rgb24).Logits.ToArray();
                        }
                    }
                }
            }
            """);

        Verify.Succeeded(project.Build());
    }

    /// <summary>The digits of the model's data as grey pictures in a sub-folder per class, as they were before their preprocessing.</summary>
    private static int[] WritePictures(TempProject project)
    {
        NpzSampleSource source = NpzSampleSource.Open(project.File(TempProject.Data), TempProject.Data, null);
        using ISampleReader reader = source.OpenReader(["image", "labels"]);
        Memory<byte>[] sample = [new byte[784 * sizeof(float)], new byte[sizeof(long)]];
        int[] classes = new int[Pictures];
        for (int i = 0; i < Pictures; i++)
        {
            Assert.IsTrue(reader.TryRead(sample));
            classes[i] = (int)BitConverter.ToInt64(sample[1].Span);
            string path = project.File($"Data/pictures/{classes[i]}/{i:000}.pgm");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            byte[] pixels = [.. MemoryMarshal.Cast<byte, float>(sample[0].Span).ToArray().Select(value => (byte)MathF.Round((value + 1) * 127.5f))];
            File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("P5 28 28 255\n"), .. pixels]);
        }
        return classes;
    }
}
