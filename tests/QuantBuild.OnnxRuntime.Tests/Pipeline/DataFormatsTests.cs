using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using QuantBuild.Onnx;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Every kind of data from its files to a model that ships: samples are counted and compared, and a second run gives the same bytes.</summary>
[TestClass]
public sealed class DataFormatsTests
{
    private const int Count = 120;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    [TestMethod]
    [DataRow("Static")]
    [DataRow("Dynamic")]
    public void Quantize_JsonLinesOfTokensOfAnyLength_Transformer(string scheme)
    {
        using PipelineProject project = Project(TransformerEncoder.Net.Model, "tokens.jsonl", ("Scheme", scheme));
        File.WriteAllLines(Data(project), Enumerable.Range(0, Count).Select(i =>
        {
            long[] ids = SeededValues.Integers($"tokens {i}", 1, 300, LengthOf(i, 3, 40));
            return JsonSerializer.Serialize(new { input_ids = ids, attention_mask = ids.Select(_ => 1) });
        }));

        AssertSound(project, 0.98);
    }

    [TestMethod]
    [DataRow("Static")]
    [DataRow("WeightOnly")]
    public void Quantize_FolderOfArraysOfAnyLength_Gru(string scheme)
    {
        using PipelineProject project = Project(GruTagger.Net.Model, "features", ("Scheme", scheme));
        Directory.CreateDirectory(Data(project));
        for (int i = 0; i < Count; i++)
        {
            int length = LengthOf(i, 5, 50);
            File.WriteAllBytes(
                Path.Combine(Data(project), $"{i:000}.npy"),
                NpzWriter.Npy(NamedArray.Of("", [length, 32], SeededValues.Floats($"features {i}", -1, 1, length * 32))));
        }

        AssertSound(project, 0.95);
    }

    [TestMethod]
    public void Quantize_SoundsOfAnyLength_ConvolutionOverTime()
    {
        ModelBuilder model = new ModelBuilder().Input("audio", "n,1,t").Output("y", "n,8")
            .Weights("w", 16, 1, 9).Node("Conv", "audio w", "c", ("strides", new[] { 4 })).Node("Relu", "c", "r")
            .Weights("v", 8, 16, 3).Node("Conv", "r v", "d").Node("GlobalAveragePool", "d", "p").Node("Flatten", "p", "y");
        using PipelineProject project = Project(model.ToBytes(), "sounds");
        Directory.CreateDirectory(Data(project));
        for (int i = 0; i < Count; i++)
            File.WriteAllBytes(Path.Combine(Data(project), $"{i:000}.wav"), Wav(SeededValues.Integers($"sound {i}", -20_000, 20_000, LengthOf(i, 200, 2_000))));

        AssertSound(project, 0.98);
    }

    [TestMethod]
    public void Quantize_PicturesOfAnySize_FullyConvolutionalNet()
    {
        using PipelineProject project = Project(PictureNet("h", "w").ToBytes(), "pictures");
        WritePictures(Data(project), i => (LengthOf(i, 8, 40), LengthOf(i + 1, 9, 30)));

        AssertSound(project, 0.98);
    }

    [TestMethod]
    public void Quantize_Table_NetOfItsColumns()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4").Output("y", "n,3")
            .Weights("w", 4, 16).Node("MatMul", "x w", "h").Node("Relu", "h", "r").Weights("v", 16, 3).Node("MatMul", "r v", "y");
        float[] values = SeededValues.Floats("table", -1, 1, Count * 4);
        using PipelineProject project = Project(model.ToBytes(), "table.csv", ("Metric", "Top1"));
        File.WriteAllLines(
            Data(project),
            ["a,b,labels,c,d", .. Enumerable.Range(0, Count).Select(i =>
                string.Create(Culture, $"{values[i * 4]:R},{values[(i * 4) + 1]:R},{i % 3},{values[(i * 4) + 2]:R},{values[(i * 4) + 3]:R}"))]);

        AssertSound(project, 0.1, "Top1");
        Assert.AreEqual(0, Accuracy(project).GetProperty("drop").GetDouble(), 0.1);
    }

    [TestMethod]
    public void Quantize_PairOfIdxFiles_BytesAndLabels()
    {
        ModelBuilder model = new ModelBuilder().Input("image", "n,1,6,6", OnnxElementType.UInt8).Output("y", "n,2")
            .Node("Cast", "image", "f", ("to", (int)OnnxElementType.Float)).Floats("s", [], 1 / 255f).Node("Mul", "f s", "x")
            .Weights("k", 4, 1, 3, 3).Node("Conv", "x k", "c").Node("Relu", "c", "r").Node("Flatten", "r", "l").Weights("w", 64, 2).Node("MatMul", "l w", "y");
        using PipelineProject project = Project(model.ToBytes(), "t-images-idx3-ubyte");
        byte[] pixels = PixelPlans.RandomBytes(Count * 36, seed: 3);
        File.WriteAllBytes(Data(project), [0, 0, 8, 3, .. BigEndian(Count), .. BigEndian(6), .. BigEndian(6), .. pixels]);
        File.WriteAllBytes(
            Path.Combine(project.Directory, "t-labels-idx1-ubyte"), [0, 0, 8, 1, .. BigEndian(Count), .. Enumerable.Range(0, Count).Select(i => (byte)(i % 2))]);

        AssertSound(project, 0.1, "Top1");
        Assert.AreEqual(0, Accuracy(project).GetProperty("drop").GetDouble(), 0.1);
    }

    [TestMethod]
    public void Quantize_OnnxTestData_RunsOfAnyLength()
    {
        using PipelineProject project = Project(SequenceNet(), "sets");
        for (int i = 0; i < Count; i++)
        {
            string folder = Path.Combine(Data(project), $"test_data_set_{i:000}");
            Directory.CreateDirectory(folder);
            int length = LengthOf(i, 2, 30);
            File.WriteAllBytes(
                Path.Combine(folder, "input_0.pb"), OnnxTensor.Float([1, length, 8], SeededValues.Floats($"set {i}", -1, 1, length * 8)).ToProto("x").ToByteArray());
        }

        AssertSound(project, 0.98);
    }

    [TestMethod]
    public void Quantize_RawNumbers_LengthFollowsFromTheFile()
    {
        using PipelineProject folder = Project(SequenceNet(), "raw");
        Directory.CreateDirectory(Data(folder));
        for (int i = 0; i < Count; i++)
            File.WriteAllBytes(
                Path.Combine(Data(folder), $"{i:000}.bin"), MemoryMarshal.AsBytes(SeededValues.Floats($"raw {i}", -1, 1, LengthOf(i, 2, 30) * 8).AsSpan()).ToArray());
        using PipelineProject file = Project(SequenceNet(), "all.raw", ("DataShape", "x=[5,8]"));
        File.WriteAllBytes(Data(file), MemoryMarshal.AsBytes(SeededValues.Floats("raw", -1, 1, Count * 40).AsSpan()).ToArray());

        AssertSound(folder, 0.98);
        AssertSound(file, 0.98);
    }

    [TestMethod]
    public void Quantize_ClassThatGivesSamplesOfAnyLength_SameBytesAsFromFiles()
    {
        using PipelineProject project = Project(SequenceNet(), "raw", ("DataProvider", "Samples.dll;Samples"));
        Directory.CreateDirectory(Data(project));
        for (int i = 0; i < Count; i++)
            File.WriteAllBytes(
                Path.Combine(Data(project), $"{i:000}.bin"), MemoryMarshal.AsBytes(SeededValues.Floats($"raw {i}", -1, 1, LengthOf(i, 2, 30) * 8).AsSpan()).ToArray());
        UserAssembly.Write(project.Directory, """
            public class Samples
            {
                public IEnumerable<Dictionary<string, Array>> GetSamples(string path)
                {
                    foreach (string file in Directory.GetFiles(path).OrderBy(name => name, StringComparer.Ordinal))
                    {
                        byte[] bytes = File.ReadAllBytes(file);
                        yield return new() { ["x"] = Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4)).ToArray() };
                    }
                }
            }
            """);

        AssertSound(project, 0.98);
        byte[] provided = File.ReadAllBytes(project.Output("m.onnx"));
        project.WithModel("m", SequenceNet(), ("CalibrationData", "raw")).QuantizeAll();
        CollectionAssert.AreEqual(File.ReadAllBytes(project.Output("m.onnx")), provided);
    }

    /// <summary>The smallest limit that can be set; the longest sample comes last.</summary>
    [TestMethod]
    public void Quantize_LaterSampleIsMuchLarger_SameModelWithLittleMemory()
    {
        using PipelineProject project = Project(GruTagger.Net.Model, "features");
        Directory.CreateDirectory(Data(project));
        for (int i = 0; i < Count; i++)
        {
            int length = i == Count - 4 ? 20_000 : 4;
            File.WriteAllBytes(
                Path.Combine(Data(project), $"{i:000}.npy"),
                NpzWriter.Npy(NamedArray.Of("", [length, 32], SeededValues.Floats($"features {i}", -1, 1, length * 32))));
        }
        AssertSound(project, 0.95, properties: ("QuantBuildMemoryLimit", "64MiB"));
    }

    /// <summary>Passes over [n, length, 8].</summary>
    private static byte[] SequenceNet() => new ModelBuilder().Input("x", "n,length,8").Output("y", "n,length,4")
        .Weights("w", 8, 16).Node("MatMul", "x w", "h").Node("Relu", "h", "r").Weights("v", 16, 4).Node("MatMul", "r v", "y").ToBytes();

    internal static ModelBuilder PictureNet(string height, string width) => new ModelBuilder()
        .Input("image", $"n,3,{height},{width}").Output("y", "n,5").Weights("k", 8, 3, 3, 3).Node("Conv", "image k", "c", ("pads", new[] { 1, 1, 1, 1 }))
        .Node("Relu", "c", "r").Weights("l", 5, 8, 3, 3).Node("Conv", "r l", "d", ("strides", new[] { 2, 2 })).Node("GlobalAveragePool", "d", "p")
        .Node("Flatten", "p", "y");

    /// <param name="size">Width and height of a picture.</param>
    internal static void WritePictures(string folder, Func<int, (int Width, int Height)> size)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < Count; i++)
        {
            (int width, int height) = size(i);
            byte[] pixels = PixelPlans.RandomBytes(width * height * 3, i);
            File.WriteAllBytes(Path.Combine(folder, $"{i:000}.ppm"), [.. Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"), .. pixels]);
        }
    }

    /// <summary>Of 120 samples every fourth is held out.</summary>
    private static void AssertSound(PipelineProject project, double atLeast, string metric = "CosineSimilarity", params (string Name, string Value)[] properties)
    {
        ProjectResult result = project.Quantize(properties);
        string[] serious = [.. PipelineProject.Codes(result).Where(code => code[2] is not ('4' or '7') && code != "QB5001")];
        Assert.IsEmpty(serious, string.Join('\n', result.Diagnostics));
        Assert.IsEmpty(PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        byte[] first = File.ReadAllBytes(project.Output("m.onnx"));
        project.QuantizeAll(properties);

        CollectionAssert.AreEqual(first, File.ReadAllBytes(project.Output("m.onnx")));
        JsonElement accuracy = Accuracy(project);
        Assert.AreEqual(metric, accuracy.GetProperty("metric").GetString());
        Assert.AreEqual(Count / 4, accuracy.GetProperty("samples").GetInt32());
        Assert.IsInRange(atLeast, 1.0, accuracy.GetProperty("quantized").GetDouble());
        JsonElement weighted = project.Report("m").GetProperty("kernels").GetProperty("weighted");
        Assert.IsGreaterThan(0, new[] { "fused", "dynamic", "stored8" }.Sum(form => weighted.GetProperty(form).GetInt32()));
    }

    private static JsonElement Accuracy(PipelineProject project) => project.Report("m").GetProperty("accuracy");

    private static PipelineProject Project(byte[] model, string data, params (string Name, string Value)[] metadata) =>
        new PipelineProject().WithModel("m", model, [("CalibrationData", data), .. metadata]);

    private static string Data(PipelineProject project) =>
        Path.Combine(project.Directory, project.Models[0].Metadata.First(setting => setting.Name == "CalibrationData").Value);

    /// <summary>Goes up and down, from <paramref name="least"/> to one below <paramref name="most"/>.</summary>
    private static int LengthOf(int sample, int least, int most) => least + (sample * 7919 % (most - least));

    private static byte[] BigEndian(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>16 bits, one channel.</summary>
    private static byte[] Wav(long[] sound)
    {
        byte[] data = MemoryMarshal.AsBytes(sound.Select(value => (short)value).ToArray().AsSpan()).ToArray();
        return
        [
            .. "RIFF"u8, .. BitConverter.GetBytes(36 + data.Length), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(16_000),
            .. BitConverter.GetBytes(32_000), 2, 0, 16, 0, .. "data"u8, .. BitConverter.GetBytes(data.Length), .. data,
        ];
    }
}
