using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Every node with weights is in exactly one of the counts of the report, and has a row that says how its weights are stored.</summary>
[TestClass]
public sealed class WeightedCountsTests
{
    [TestMethod]
    [DataRow("Static", "", "fused 3 dynamic 1 stored8 3 stored16 1 keptFloat 1")]
    [DataRow("Static", "Float16", "fused 3 dynamic 1 stored8 0 stored16 4 keptFloat 1")]
    [DataRow("Static", "Float32", "fused 3 dynamic 1 stored8 0 stored16 0 keptFloat 5")]
    [DataRow("Dynamic", "", "fused 0 dynamic 2 stored8 5 stored16 1 keptFloat 1")]
    [DataRow("WeightOnly", "", "fused 0 dynamic 0 stored8 7 stored16 1 keptFloat 1")]
    [DataRow("Float16", "", "fused 0 dynamic 0 stored8 0 stored16 8 keptFloat 1")]
    [DataRow("None", "", "fused 0 dynamic 0 stored8 0 stored16 0 keptFloat 9")]
    public void Report_EveryKindOfNode_IsCountedOnce(string scheme, string storage, string counts)
    {
        using PipelineProject project = new PipelineProject().WithData("data.npz", NamedArray.Of("x", [8, 8, 12, 12], SeededValues.Floats("x", -1, 1, 8 * 8 * 144)));
        List<(string, string)> settings = [("Scheme", scheme)];
        if (storage.Length > 0)
            settings.Add(("Storage", storage));
        if (scheme != "None")
            settings.Add(("CalibrationData", Path.Combine(project.Directory, "data.npz")));
        project.WithModel("all", EveryKind(), [.. settings]).QuantizeAll();

        JsonElement report = project.Report("all");
        JsonElement weighted = report.GetProperty("kernels").GetProperty("weighted");
        (string Name, int Value)[] values = [.. weighted.EnumerateObject().Select(count => (count.Name, count.Value.GetInt32()))];
        Assert.AreEqual(counts, string.Join(' ', values.Skip(1).Select(count => $"{count.Name} {count.Value}")), report.GetProperty("nodes").ToString());
        Assert.AreEqual(values[0].Value, values.Skip(1).Sum(count => count.Value));
        JsonElement[] rows = [.. report.GetProperty("nodes").EnumerateArray().Where(node => node.TryGetProperty("weights", out _))];
        Assert.AreEqual(values[0].Value, rows.Length);
        foreach (JsonElement row in rows)
            Assert.IsTrue(row.GetProperty("runs").GetString() is "integers" or "dynamic" || row.TryGetProperty("weightsReason", out _), row.ToString());
    }

    /// <summary>Products, convolutions, recurrent nodes, a table, a body, a weight with outliers and one that is too small.</summary>
    private static ModelBuilder EveryKind()
    {
        float[] outliers = SeededValues.Floats("o", -0.01f, 0.01f, 64 * 1024);
        for (int row = 0; row < 64; row++)
            outliers[row * 1024] = 0.15f;
        GraphBuilder body = new GraphBuilder().Initializer("k", SeededValues.Tensor("k", -1, 1, 1, 192, 64)).Initializer("l", SeededValues.Tensor("l", -1, 1, 1, 192, 64))
            .Node("GRU", "recurrent k l", "inside", ("hidden_size", 64)).Output("inside");
        GraphBuilder passes = new GraphBuilder().Initializer("one", OnnxTensor.Int64s(1)).Node("Unsqueeze", "recurrent one", "outside").Output("outside");
        return new ModelBuilder().Input("x", "n,8,12,12").Output("y").Output("z").Output("u").Output("v").Output("t")
            .Weights("conv", 16, 8, 3, 3).Node("Conv", "x conv", "a")
            .Weights("up", 16, 8, 2, 2).Node("ConvTranspose", "a up", "b", ("strides", new[] { 2, 2 })).Node("ReduceMean", "b", "f", ("axes", new[] { 2, 3 }), ("keepdims", 0))
            .Weights("wide", 8, 512).Node("MatMul", "f wide", "c").Weights("gemm", 64, 512).Node("Gemm", "c gemm", "d", ("transB", 1))
            .Int64s("axis", 1).Node("Unsqueeze", "d axis", "recurrent")
            .Weights("w", 1, 256, 64).Weights("r", 1, 256, 64).Node("LSTM", "recurrent w r", "e", ("hidden_size", 64))
            .Int64s("shape", 0, -1).Node("Reshape", "e shape", "y")
            .Node("ReduceMax", "d", "largest", ("keepdims", 0))
            .Initializer("limit", OnnxTensor.Scalar(1e9f)).Node("Less", "largest limit", "always")
            .Node("If", "always", "z", ("then_branch", body), ("else_branch", passes))
            .Initializer("outliers", OnnxTensor.Float([64, 1024], outliers)).Node("ArgMax", "d", "index", ("axis", 1), ("keepdims", 0))
            .Node("Gather", "outliers index", "u").Weights("small", 8, 4).Node("Einsum", "f small", "t", ("equation", "bi,ij->bj"))
            .Weights("table", 64, 32).Node("Gather", "table index", "v");
    }
}
