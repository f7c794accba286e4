using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>Every row of the catalogue, in the oldest operator set that is written, the usual one and a new one: the pattern is planned,
/// and the graph that the runtime executes has the kernel.</summary>
[TestClass]
public sealed class FusionCatalogueTests
{
    private const int NewOpset = 21;

    /// <summary>What stands behind two convolutions that give <c>a</c> and <c>o</c> [n,8,8,8] in integers, and all operators that are planned.</summary>
    private static readonly Dictionary<string, Func<int, ModelBuilder, (ModelBuilder Model, string Planned)>> Patterns = new(StringComparer.Ordinal)
    {
        ["Conv"] = (_, model) => (Then(model.Node("Relu", "a", "f"), 8), "Conv Conv"),
        ["Gemm"] = (_, model) => (model.Weights("g", 512, 5).Node("Flatten", "a", "f").Node("Gemm", "f g", "y"), "Conv Flatten Gemm"),
        ["MatMul"] = (_, model) => (model.Weights("m", 8, 5).Node("MatMul", "a m", "y"), "Conv MatMul"),
        ["Add"] = (_, model) => (Then(model.Node("Add", "a o", "f"), 8), "Conv Conv Add Conv"),
        ["AveragePool"] = (_, model) => (Then(model.Node("AveragePool", "a", "f", ("kernel_shape", new[] { 2, 2 })), 8), "Conv AveragePool Conv"),
        ["Concat"] = (_, model) => (Then(model.Node("Concat", "a o", "f", ("axis", 1)), 16), "Conv Conv Concat Conv"),
        ["GlobalAveragePool"] = (_, model) => (Then(model.Node("GlobalAveragePool", "a", "f"), 8), "Conv GlobalAveragePool Conv"),
        ["LeakyRelu"] = (_, model) => (Then(model.Node("LeakyRelu", "a", "f", ("alpha", 0.1f)), 8), "Conv LeakyRelu Conv"),
        ["Mul"] = (_, model) => (Then(model.Node("Mul", "a o", "f"), 8), "Conv Conv Mul Conv"),
        ["Sigmoid"] = (_, model) => (Then(model.Node("Sigmoid", "a", "s").Node("Mul", "a s", "f"), 8), "Conv Sigmoid Mul Conv"),
        ["Where"] = (_, model) => (
            Then(model.Initializer("zero", OnnxTensor.Scalar(0)).Node("ReduceMax", "x", "r").Node("Greater", "r zero", "c").Node("Where", "c a o", "f"), 8),
            "Conv Conv Where Conv"),
        ["DepthToSpace"] = (_, model) => (Then(model.Node("DepthToSpace", "a", "f", ("blocksize", 2)), 2), "Conv DepthToSpace Conv"),
        ["Expand"] = (_, model) => (
            Then(model.Int64s("shape", 1, 1, 3, 3).Node("GlobalAveragePool", "a", "p").Node("Expand", "p shape", "f"), 8),
            "Conv GlobalAveragePool Expand Conv"),
        ["Flatten"] = (_, model) => (model.Weights("g", 512, 5).Node("Flatten", "a", "f").Node("Gemm", "f g", "y"), "Conv Flatten Gemm"),
        ["Gather"] = (_, model) => (Then(model.Int64s("i", 3, 1, 6).Node("Gather", "a i", "f", ("axis", 1)), 3), "Conv Gather Conv"),
        ["GatherElements"] = (_, model) => (
            Then(model.Int64s("one", 1).Node("Shape", "a", "s").Node("ConstantOfShape", "s", "i", ("value", OnnxTensor.Int64s(2)))
                .Node("GatherElements", "a i", "f", ("axis", 2)), 8),
            "Conv GatherElements Conv"),
        ["MaxPool"] = (_, model) => (Then(model.Node("MaxPool", "a", "f", ("kernel_shape", new[] { 2, 2 })), 8), "Conv MaxPool Conv"),
        ["ReduceMax"] = (opset, model) => (Then(Reduce(model, "ReduceMax", opset), 8), "Conv ReduceMax Conv"),
        ["ReduceMin"] = (opset, model) => (Then(Reduce(model, "ReduceMin", opset), 8), "Conv ReduceMin Conv"),
        ["Reshape"] = (_, model) => (Then(model.Int64s("shape", 0, 4, 8, 16).Node("Reshape", "a shape", "f"), 4), "Conv Reshape Conv"),
        ["Resize"] = (_, model) => (
            Then(model.Floats("scales", [4], 1, 1, 2, 2).Node("Resize", "a - scales", "f", ("mode", "nearest")), 8), "Conv Resize Conv"),
        ["Slice"] = (_, model) => (
            Then(model.Int64s("from", 0).Int64s("to", 4).Int64s("axes", 1).Node("Slice", "a from to axes", "f"), 4), "Conv Slice Conv"),
        ["Split"] = (_, model) => (
            Then(model.Int64s("sizes", 3, 5).Output("z").Node("Split", "a sizes", "p f", ("axis", 1)).Node("Tanh", "p", "z"), 5), "Conv Split Conv"),
        ["Squeeze"] = (_, model) => (
            Then(model.Int64s("axes", 2, 3).Node("GlobalAveragePool", "a", "p").Node("Squeeze", "p axes", "s").Node("Unsqueeze", "s axes", "f"), 8),
            "Conv GlobalAveragePool Squeeze Unsqueeze Conv"),
        ["Tile"] = (_, model) => (Then(model.Int64s("times", 1, 1, 2, 1).Node("Tile", "a times", "f"), 8), "Conv Tile Conv"),
        ["Transpose"] = (_, model) => (
            model.Weights("m", 8, 5).Node("Transpose", "a", "f", ("perm", new[] { 0, 2, 3, 1 })).Node("MatMul", "f m", "y"), "Conv Transpose MatMul"),
        ["Unsqueeze"] = (_, model) => (
            Then(model.Int64s("axes", 2, 3).Node("GlobalAveragePool", "a", "p").Node("Squeeze", "p axes", "s").Node("Unsqueeze", "s axes", "f"), 8),
            "Conv GlobalAveragePool Squeeze Unsqueeze Conv"),
        ["ArgMax"] = (_, model) => (
            Then(model.Output("i", type: OnnxElementType.Int64).Node("ArgMax", "a", "i", ("axis", 1)).Node("Relu", "o", "f"), 8), "Conv Conv ArgMax Conv"),
    };

    public static IEnumerable<object[]> Rows =>
        FusionCatalogue.Rows.SelectMany(row => new[] { RaiseOpset.Target, 17, NewOpset }.Select(opset => new object[] { row.OpType, opset }));

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void Row_ItsPattern_RunsInItsKernel(string opType, int opset)
    {
        Assert.IsTrue(Patterns.ContainsKey(opType), $"the row of {opType} has no pattern here");
        ModelBuilder model = new ModelBuilder(opset).Input("x", "n,4,8,8").Output("y").Weights("w", 8, 4, 3, 3).Weights("b", 8).Weights("v", 8, 4, 1, 1)
            .Node("Conv", "x w b", "a", ("pads", new[] { 1, 1, 1, 1 })).Node("Conv", "x v", "o");

        (ModelBuilder pattern, string planned) = Patterns[opType](opset, model);

        QuantizationTrial trial = pattern.Trial().AssertFuses(planned.Split(' '));
        string[] kernels = [.. FusionCatalogue.Row(opType).Kernels, $"Nhwc{opType}"];
        Assert.IsTrue(trial.OptimizedOperators().Split(' ').Intersect(kernels).Any(), trial.OptimizedOperators());
    }

    [TestMethod]
    public void Patterns_AreThoseOfTheRows() => CollectionAssert.AreEquivalent(
        FusionCatalogue.Rows.Select(row => row.OpType).ToArray(), Patterns.Keys.ToArray());

    private static ModelBuilder Reduce(ModelBuilder model, string opType, int opset)
    {
        (string, object)[] axes = opset < 18 ? [("axes", new[] { 3 })] : [];
        return model.Int64s("axes", 3).Node(opType, opset < 18 ? "a" : "a axes", "f", axes);
    }

    /// <summary>f ─ Conv ─ y</summary>
    private static ModelBuilder Then(ModelBuilder model, long channels) => model.Weights("u", 5, channels, 1, 1).Node("Conv", "f u", "y");
}
