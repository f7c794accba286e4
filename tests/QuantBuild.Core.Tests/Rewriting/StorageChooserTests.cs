using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class StorageChooserTests
{
    private static readonly PlacementPlan Nothing = new([], [], [], new HashSet<string>());

    [TestMethod]
    public void Choose_WeightsOfAProduct_EightBits() => AssertForm(Product(SeededValues.Tensor("w", -1, 1, 64, 32)), StoredForm.Int8, "8 bits keep 4");

    [TestMethod]
    public void Choose_OutliersInEveryChannel_SixteenBits() =>
        AssertForm(Product(WithOutliers(1024, 8)), StoredForm.Float16, "8 bits keep ");

    [TestMethod]
    public void Choose_ValuesThatAreCodes_EightBitsExactly() => AssertForm(
        Product(OnnxTensor.Float([64, 32], [.. Enumerable.Range(0, 64 * 32).Select(i => i < 32 ? 127f : i % 100)])), StoredForm.Int8, "8 bits hold it exactly");

    [TestMethod]
    public void Choose_ConstantThatIsAdded_SixteenBits() =>
        AssertForm(Model().Weights("w", 64, 32).Node("Add", "x w", "y"), StoredForm.Float16, "its readers are not known to multiply by it");

    [TestMethod]
    public void Choose_Vector_SixteenBits() => AssertForm(
        Model().Initializer("w", SeededValues.Tensor("w", 0.5f, 1, 600)).Node("Mul", "x w", "y"), StoredForm.Float16, "its readers are not known to multiply by it");

    [TestMethod]
    public void Choose_Statistics_KeepAllBits()
    {
        AssertForm(
            Model().Initializer("w", SeededValues.Tensor("w", 0.5f, 1, 600)).Node("Sub", "x w", "y"), StoredForm.Float32, "differences from it are taken, which need all bits");
        AssertForm(
            Model().Initializer("w", SeededValues.Tensor("w", 0.5f, 1, 600)).Node("BatchNormalization", "x w w w w", "y"),
            StoredForm.Float32, "differences from it are taken, which need all bits");
    }

    [TestMethod]
    public void Choose_Small_KeepsItsFloats() => AssertForm(Product(SeededValues.Tensor("w", -1, 1, 8, 8)), StoredForm.Float32, "it is too small to be worth it");

    [TestMethod]
    public void Choose_ChannelsOfTwo_SixteenBits() =>
        AssertForm(Product(SeededValues.Tensor("w", -1, 1, 2, 512)), StoredForm.Float16, "its channels are too short for a scale each");

    [TestMethod]
    [DataRow(float.NegativeInfinity)]
    [DataRow(float.NaN)]
    public void Choose_Mask_KeepsItsFloats(float masked) => AssertForm(
        Model().Floats("w", [32, 32], [.. Enumerable.Range(0, 1024).Select(i => i % 32 > i / 32 ? masked : 0)]).Node("Gather", "w x", "y"),
        StoredForm.Float32, "it holds NaN or infinities");

    [TestMethod]
    public void Choose_AddedValuesBeyondFloat16_KeepTheirFloats() => AssertForm(
        Model().Floats("w", [32, 32], [.. Enumerable.Range(0, 1024).Select(i => i % 32 > i / 32 ? float.MinValue : 0)]).Node("Add", "w x", "y"),
        StoredForm.Float32, "values beyond the range of float16");

    [TestMethod]
    public void Choose_Float16AndWeightsBeyondItsRange_BFloat16()
    {
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.Float16);
        float[] values = [.. SeededValues.Floats("w", -1, 1, 64 * 32).Select(value => value * 1e6f)];

        AssertForm(Product(OnnxTensor.Float([64, 32], values)), StoredForm.BFloat16, "values beyond the range of float16", settings);
        AssertForm(
            Model().Floats("w", [64, 32], values).Node("Add", "x w", "y"),
            StoredForm.Float32, "values beyond the range of float16, and every value counts, and bfloat16 has 8 bits", settings);
        AssertForm(
            Product(OnnxTensor.Float([64, 32], [.. values.Select(value => value * 1e33f)])), StoredForm.Float32, "it holds NaN or infinities", settings);
        AssertForm(
            Product(OnnxTensor.Float([64, 32], [.. values.Select((value, i) => i == 0 ? float.MaxValue : value)])),
            StoredForm.Float32, "values beyond the range of float16, and values beyond the range of bfloat16", settings);
    }

    [TestMethod]
    public void Choose_ReadersOfDifferentKinds_BestAxisOfBoth()
    {
        float[] values = SeededValues.Floats("w", -1, 1, 64 * 32);
        for (int i = 0; i < values.Length; i++)
            values[i] *= MathF.Pow(10, i / 32 % 5);

        ModelBuilder tied = Model().Floats("w", [64, 32], values).Node("Gather", "w x", "a").Node("MatMul", "x w", "b").Node("Add", "a b", "y");

        Assert.AreEqual(new ChannelAxes(0), AssertForm(tied, StoredForm.Int8, "8 bits keep 4").Axes);
    }

    [TestMethod]
    [DataRow(QuantizationScheme.Float16, WeightStorage.Auto, StoredForm.Float16, "Scheme=Float16")]
    [DataRow(QuantizationScheme.Float16, WeightStorage.Float32, StoredForm.Float16, "Scheme=Float16")]
    [DataRow(QuantizationScheme.WeightOnly, WeightStorage.Float16, StoredForm.Float16, "Storage=Float16")]
    [DataRow(QuantizationScheme.Dynamic, WeightStorage.Float32, StoredForm.Float32, "Storage=Float32")]
    public void Choose_SettingsDemandAForm_ItIsTaken(object scheme, object storage, object form, string reason) => AssertForm(
        Product(SeededValues.Tensor("w", -1, 1, 64, 32)), (StoredForm)form, reason, TestSettings.Of((QuantizationScheme)scheme, (WeightStorage)storage));

    [TestMethod]
    public void Choose_WeightOfAnExcludedNode_KeepsItsFloats()
    {
        OnnxGraph graph = Product(SeededValues.Tensor("w", -1, 1, 64, 32)).Build().Graph;
        StoragePlan plan = StorageChooser.Choose(graph, Nothing with { FloatWeights = new HashSet<string> { "w" } }, LowBitCodes.Nothing, TestSettings.Of(QuantizationScheme.WeightOnly));

        Assert.AreEqual("it belongs to an excluded node", plan.Of(graph, "w")!.Reason);
    }

    [TestMethod]
    public void Choose_WeightThatOnlyIntegerKernelsRead_IsNotListed()
    {
        OnnxGraph graph = Product(SeededValues.Tensor("w", -1, 1, 64, 32)).Build().Graph;
        var dynamic = new DynamicNode(graph, graph.Nodes[0], [], [new PlannedWeight("w", 1, 1, ReductionOrder.MatrixRows)]);

        Assert.IsNull(StorageChooser.Choose(graph, Nothing with { DynamicNodes = [dynamic] }, LowBitCodes.Nothing, TestSettings.Of(QuantizationScheme.Dynamic)).Of(graph, "w"));
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,64").Output("y");

    private static ModelBuilder Product(OnnxTensor weight) => Model().Initializer("w", weight).Node("MatMul", "x w", "y");

    /// <summary>One weight a hundred times as large as all others, in every column.</summary>
    private static OnnxTensor WithOutliers(int rows, int columns)
    {
        float[] values = SeededValues.Floats("o", -0.01f, 0.01f, (long)rows * columns);
        for (int column = 0; column < columns; column++)
            values[column] = 0.15f;
        return OnnxTensor.Float([rows, columns], values);
    }

    private static StoredConstant AssertForm(ModelBuilder model, StoredForm form, string reason, QuantizationSettings? settings = null)
    {
        OnnxGraph graph = model.Build().Graph;
        StoredConstant stored = StorageChooser.Choose(graph, Nothing, LowBitCodes.Nothing, settings ?? TestSettings.Of(QuantizationScheme.WeightOnly)).Of(graph, "w")!;
        Assert.AreEqual(form, stored.Form, stored.Reason);
        StringAssert.StartsWith(stored.Reason, reason);
        return stored;
    }
}
