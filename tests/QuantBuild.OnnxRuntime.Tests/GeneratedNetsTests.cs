using System.Security.Cryptography;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests;

[TestClass]
public sealed class GeneratedNetsTests
{
    private const int Count = 3;

    private static readonly OnnxRuntimeEngine Engine = new();

    public static IEnumerable<object[]> Names => GeneratedNets.All.Select(net => new object[] { net.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Samples_Net_AnswersEachDifferently(string name)
    {
        GeneratedNet net = GeneratedNets.Of(name);
        IReadOnlyList<NamedArray> samples = net.Samples(Count, seed: 1);
        using IInferenceSession session = Engine.Open(net.Model);
        OnnxModel model = OnnxModelReader.Parse(net.Model, new Diagnostics.DiagnosticOrigin("net.onnx"));
        string[] outputs = [.. model.Graph.OutputNames];
        var answers = outputs.Select(_ => new List<float[]>()).ToArray();
        for (int sample = 0; sample < Count; sample++)
            session.Run([.. samples.Select(array => One(array, sample))], outputs, (index, output) =>
                answers[index].Add(output.Floats.ToArray()));

        for (int index = 0; index < outputs.Length; index++)
        {
            float[][] seen = [.. answers[index]];
            Assert.IsTrue(seen.SelectMany(answer => answer).All(float.IsFinite), $"{outputs[index]} is not finite");
            double size = Size(seen.SelectMany(answer => answer));
            double change = Size(seen.Skip(1).SelectMany(answer => answer.Zip(seen[0], (a, b) => a - b)));
            Assert.IsTrue(size is > 0.01 and < 100, $"{outputs[index]} has the size {size}");
            Assert.IsGreaterThan(0.1, change / size, $"{outputs[index]} hardly depends on the input");
        }
    }

    private static double Size(IEnumerable<float> values) => Math.Sqrt(values.Average(value => (double)value * value));

    /// <summary>Figures that were measured on these nets stand for the same nets on every machine.</summary>
    [TestMethod]
    public void Model_Bytes_AreTheSameEverywhere()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (GeneratedNet net in GeneratedNets.All)
            hash.AppendData(net.Model);

        Assert.AreEqual(
            "e59dbf55f8a8d21461cd4f96dcde8b517071ff0a5e5935be5d283fa830f74d60",
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static InputTensor One(NamedArray samples, int index)
    {
        int size = (int)samples.Description.SampleBytes;
        return new InputTensor(samples.Name, samples.ElementType, [1, .. samples.Shape[1..]], samples.Bytes.AsMemory(index * size, size));
    }
}
