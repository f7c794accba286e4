using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class DataProviderTests
{
    /// <summary>Reads samples of 784 floats and a label, and leaves a mark that it has run.</summary>
    private const string Digits = """
        namespace My;
        public sealed class Digits
        {
            public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)
            {
                File.AppendAllText(path + ".ran", "x");
                using var file = new BinaryReader(File.OpenRead(path));
                while (file.BaseStream.Position < file.BaseStream.Length)
                {
                    float[] image = Enumerable.Range(0, 784).Select(_ => file.ReadSingle()).ToArray();
                    yield return new Dictionary<string, Array> { ["image"] = image, ["labels"] = new[] { (long)file.ReadSingle() } };
                }
            }
        }
        """;

    [TestMethod]
    public void Quantize_SamplesOfAClass_SameBytesAndAccuracyAsFromAFile()
    {
        using PipelineProject file = PipelineProject.Digits().QuantizeAll();
        using PipelineProject project = Project(Digits);

        ProjectResult result = project.Quantize();

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        CollectionAssert.AreEqual(File.ReadAllBytes(file.Output("digits.onnx")), File.ReadAllBytes(project.Output("digits.onnx")));
        Assert.AreEqual(
            file.Report("digits").GetProperty("accuracy").GetProperty("quantized").GetDouble(),
            project.Report("digits").GetProperty("accuracy").GetProperty("quantized").GetDouble());
    }

    [TestMethod]
    public void Quantize_NothingOfTheClassChanged_TakesTheResultFromTheCacheWithoutRunningIt()
    {
        using PipelineProject project = Project(Digits, ("SampleLimit", "120"));
        (string, string) cache = ("QuantBuildCacheDirectory", Path.Combine(project.Directory, "cache"));
        project.QuantizeAll(cache);
        File.Delete(Data(project) + ".ran");

        project.QuantizeAll(cache);
        Assert.IsTrue(project.Report("digits").GetProperty("fromCache").GetBoolean());
        Assert.IsFalse(File.Exists(Data(project) + ".ran"));

        UserAssembly.Write(project.Directory, Digits.Replace("ReadSingle()).ToArray", "ReadSingle() * 0.5f).ToArray", StringComparison.Ordinal));
        project.QuantizeAll(cache);
        Assert.IsFalse(project.Report("digits").GetProperty("fromCache").GetBoolean());
    }

    [TestMethod]
    public void Generate_NeverRunsOrLooksForTheClass()
    {
        using PipelineProject project = Project(Digits);
        File.Delete(Path.Combine(project.Directory, "Samples.dll"));

        ProjectResult result = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()).Generate(project.Request(), CancellationToken.None);

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        Assert.IsTrue(File.Exists(project.Output("digits.g.cs")));
        Assert.IsFalse(File.Exists(Data(project) + ".ran"));
    }

    [TestMethod]
    public void Quantize_NoSuchAssemblyOrClass_QB4033()
    {
        using PipelineProject project = Project(Digits.Replace("class Digits", "class Digit", StringComparison.Ordinal));

        Diagnostic problem = project.Quantize().Diagnostics.Single();

        Assert.AreEqual("QB4033", problem.Code);
        StringAssert.Contains(problem.Message, "it has no type 'My.Digits'. Is 'My.Digit' meant?");
        Assert.AreEqual("DataProvider", problem.Origin!.Setting);
    }

    [TestMethod]
    public void Quantize_ClassThrows_QB4034WithItsMessage()
    {
        using PipelineProject project = Project(Digits.Replace("File.AppendAllText(path + \".ran\", \"x\");", "throw new InvalidOperationException(\"Path was \" + Path.GetFileName(path));", StringComparison.Ordinal));

        Diagnostic problem = project.Quantize().Diagnostics.Single();

        Assert.AreEqual("QB4034", problem.Code);
        StringAssert.Contains(problem.Message, "System.InvalidOperationException: Path was digits.bin (in My.Digits");
    }

    [TestMethod]
    public void Quantize_SampleOfAnotherShape_IsToldAsOfAnyData()
    {
        using PipelineProject project = Project(Digits.Replace("[\"image\"] = image", "[\"image\"] = image.Take(10).ToArray()", StringComparison.Ordinal));

        CollectionAssert.AreEqual(new[] { "QB4003" }, PipelineProject.Codes(project.Quantize()));
    }

    [TestMethod]
    public void Quantize_NoDataSetting_ClassGetsNoPath()
    {
        using var project = new PipelineProject();
        UserAssembly.Write(project.Directory, """
            public class Samples
            {
                public IEnumerable<Dictionary<string, Array>> GetSamples(string path)
                {
                    var random = new Random(path.Length + 1);
                    while (true)
                        yield return new() { ["image"] = Enumerable.Range(0, 784).Select(_ => random.NextSingle()).ToArray() };
                }
            }
            """);
        project.WithModel("digits", TestModels.Digits(), ("DataProvider", "Samples.dll;Samples"), ("SampleLimit", "40"));

        project.QuantizeAll();

        Assert.AreEqual(10, project.Report("digits").GetProperty("accuracy").GetProperty("samples").GetInt32());
        Assert.AreEqual("Samples.dll;Samples", project.Report("digits").GetProperty("settings").GetProperty("DataProvider").GetString());
    }

    private static string Data(PipelineProject project) => Path.Combine(project.Directory, "digits.bin");

    private static PipelineProject Project(string source, params (string Name, string Value)[] metadata)
    {
        var project = new PipelineProject();
        UserAssembly.Write(project.Directory, source);
        using (FileStream file = File.Create(Data(project)))
        {
            ISampleSource digits = NpzSampleSource.Open(PipelineProject.DigitsData, "digits.npz", null);
            using ISampleReader reader = digits.OpenReader(["image", "labels"]);
            byte[] image = new byte[784 * sizeof(float)];
            byte[] label = new byte[sizeof(long)];
            while (reader.TryRead([image, label]))
            {
                file.Write(image);
                file.Write(BitConverter.GetBytes((float)BitConverter.ToInt64(label)));
            }
        }
        return project.WithModel(
            "digits", TestModels.Digits(), [("CalibrationData", "digits.bin"), ("DataProvider", "Samples.dll;My.Digits"), .. metadata]);
    }
}
