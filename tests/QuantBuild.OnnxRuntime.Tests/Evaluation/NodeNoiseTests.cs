using System.Text.Json;
using QuantBuild.OnnxRuntime.Tests.Pipeline;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Evaluation;

[TestClass]
public sealed class NodeNoiseTests
{
    private const int Samples = 200;

    [TestMethod]
    public void Measure_OneNodeWithAWildColumn_IsTheWorst()
    {
        // One weight a thousand times the others in every column leaves few codes for the rest, which carries the signal.
        float[] wild = SeededValues.Floats("wild", -1, 1, 16 * 8);
        for (int column = 0; column < 8; column++)
            wild[column] = 1000;
        float[] values = SeededValues.Floats("x", -1, 1, Samples * 16);
        for (int sample = 0; sample < Samples; sample++)
            values[sample * 16] = 0;
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("x", [Samples, 16], values))
            .WithModel(
                "model",
                new ModelBuilder().Input("x", "n,16").Floats("wild", [16, 8], wild).Weights("tame", 16, 8)
                    .Node("MatMul", "x tame", "good").Node("MatMul", "x wild", "bad").Output("good").Output("bad"),
                ("CalibrationData", "x.npz"), ("Scheme", "Static"), ("MinAccuracy", "1"));

        ProjectResult result = project.Quantize();

        JsonElement[] nodes = [.. project.Report("model").GetProperty("nodes").EnumerateArray()];
        double Noise(string name) => nodes.Single(node => node.GetProperty("name").GetString() == name).GetProperty("sqnrDecibels").GetDouble();
        Assert.IsLessThan(Noise("good") - 20, Noise("bad"));
        StringAssert.Contains(result.Diagnostics[^1].Message, "Lowest signal-to-noise ratio: 'bad' (MatMul, ");
    }
}
