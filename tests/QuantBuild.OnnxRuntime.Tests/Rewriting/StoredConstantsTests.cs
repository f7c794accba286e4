using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>What the runtime makes of stored constants: the same graph as that of the float model, with values as near as the form allows.</summary>
[TestClass]
public sealed class StoredConstantsTests
{
    [TestMethod]
    [DataRow(QuantizationScheme.WeightOnly, 40d)]
    [DataRow(QuantizationScheme.Float16, 65d)]
    public void Constants_OfEveryReader_AreRestoredAtLoad(object scheme, double leastDecibels)
    {
        GraphBuilder body = new GraphBuilder().Initializer("k", SeededValues.Tensor("k", -1, 1, 16, 32)).Node("MatMul", "e k", "inside").Output("inside");
        GraphBuilder captures = new GraphBuilder().Node("MatMul", "e m", "outside").Output("outside");
        ModelBuilder model = new ModelBuilder().Input("x", "2,8,6,6").Input("p", "", OnnxElementType.Bool).Output("y").Output("z")
            .Weights("c", 16, 8, 3, 3).Node("Conv", "x c", "a").Weights("t", 16, 16, 2, 2).Node("ConvTranspose", "a t", "b", ("strides", new[] { 2, 2 }))
            .Int64s("axes", 2, 3).Node("ReduceMean", "b", "d", ("axes", new[] { 2, 3 }), ("keepdims", 0))
            .Weights("n", 32, 16).Node("Einsum", "d n", "g", ("equation", "bi,ji->bj"))
            .Weights("q", 16, 32).Node("Gemm", "g q", "e", ("transB", 1)).Weights("m", 16, 32)
            .Node("If", "p", "y", ("then_branch", body), ("else_branch", captures))
            .Weights("f", 1, 48, 16).Weights("r", 1, 48, 16).Int64s("first", 0).Node("Unsqueeze", "e first", "s").Node("GRU", "s f r", "z", ("hidden_size", 16));

        DynamicTrial trial = DynamicTrial.Of(model, (QuantizationScheme)scheme);

        string[] operators = trial.Operators();
        Assert.IsFalse(operators.Contains("Cast") || operators.Contains("Mul"), string.Join(' ', operators));
        Assert.AreEqual(8, trial.Quantized.Storage.Constants.Values.Count(constant => constant.Form != StoredForm.Float32));
        for (byte branch = 0; branch < 2; branch++)
        {
            double decibels = trial.Decibels(
                SeededValues.FloatInput("x", 2, 8, 6, 6), new Execution.InputTensor("p", OnnxElementType.Bool, [], new[] { branch }));
            Assert.IsTrue(decibels > leastDecibels, $"{decibels:F1} dB");
        }
    }

    [TestMethod]
    [DataRow(QuantizationScheme.WeightOnly, 40d, "Cast Gather Gather Mul")]
    [DataRow(QuantizationScheme.Float16, 65d, "Cast Gather")]
    public void LargeTable_RowsAreRestoredWhenTheyAreRead(object scheme, double leastDecibels, string operators)
    {
        DynamicTrial trial = DynamicTrial.Of(
            new ModelBuilder().Input("i", "n,s", OnnxElementType.Int64).Output("y").Weights("t", 4100, 64).Node("Gather", "t i", "y"), (QuantizationScheme)scheme);

        Assert.AreEqual(operators, string.Join(' ', trial.Operators().Order(StringComparer.Ordinal)));
        Assert.IsTrue(trial.Decibels(SeededValues.Int64Input("i", [2, 3], 0, 4099, 7, -1, 7, 2000)) > leastDecibels);
    }

    [TestMethod]
    public void ValuesBeyondFloat16_AreRestoredFromBFloat16()
    {
        float[] values = [.. SeededValues.Floats("w", -1, 1, 64 * 32).Select(value => value * 1e7f)];
        DynamicTrial trial = DynamicTrial.Of(
            new ModelBuilder().Input("x", "n,64").Output("y").Floats("w", [64, 32], values).Node("MatMul", "x w", "y"), QuantizationScheme.Float16);

        Assert.AreEqual("MatMul", string.Join(' ', trial.Operators()));
        Assert.AreEqual(StoredForm.BFloat16, trial.Quantized.Storage.Constants.Values.Single().Form);
        Assert.IsTrue(trial.Quantized.Image.SizeBytes < (2 * values.Length) + 256);
        double decibels = trial.Decibels(SeededValues.FloatInput("x", 4, 64));
        Assert.IsTrue(decibels > 50, $"{decibels:F1} dB");
    }
}
