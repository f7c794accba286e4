using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Graphs as exporters, editors and years have left them, each with one product that can run in integers.</summary>
[TestClass]
public sealed class UnusualGraphsTests
{
    private const int Samples = 40;

    [TestMethod]
    public void InputsOfEveryType_AreFed()
    {
        ModelBuilder model = Product().Input("i64", "n,6", OnnxElementType.Int64).Input("i32", "n,6", OnnxElementType.Int32)
            .Input("u8", "n,6", OnnxElementType.UInt8)
            .Input("flag", "n,1", OnnxElementType.Bool).Input("f64", "n,6", OnnxElementType.Double)
            .Input("f16", "n,6", OnnxElementType.Float16);
        string sum = "y";
        foreach (string name in new[] { "i64", "i32", "u8", "f64", "f16" })
        {
            model.Node("Cast", name, $"{name}f", ("to", (int)OnnxElementType.Float)).Node("MatMul", $"{name}f w", $"{name}p")
                .Node("Add", $"{sum} {name}p", $"{name}s");
            sum = $"{name}s";
        }
        using PipelineProject project = Project(
            model.Node("Where", $"flag {sum} y", "z").Output("z"),
            NamedArray.Of("i64", [Samples, 6], SeededValues.Integers("a", -2, 3, Samples * 6)),
            Of("i32", OnnxElementType.Int32, SeededValues.Integers("b", -2, 3, Samples * 6).Select(value => (int)value)),
            Of("u8", OnnxElementType.UInt8, SeededValues.Integers("c", 0, 3, Samples * 6).Select(value => (byte)value)),
            Of("flag", OnnxElementType.Bool, SeededValues.Integers("d", 0, 2, Samples).Select(value => value == 1)),
            Of("f64", OnnxElementType.Double, SeededValues.Floats("e", -1, 1, Samples * 6).Select(value => (double)value)),
            Of("f16", OnnxElementType.Float16, SeededValues.Floats("f", -1, 1, Samples * 6).Select(value => (Half)value)));

        AssertIntegers(project, fused: 6);
    }

    [TestMethod]
    [DataRow("Dynamic")]
    [DataRow("WeightOnly")]
    public void InputOfStrings_WithoutData_IsQuantized(string scheme)
    {
        // Files of arrays hold numbers, so that nothing can be measured.
        using PipelineProject project = new PipelineProject().WithModel("model", Text(), ("Scheme", scheme));

        project.QuantizeAll();

        JsonElement weighted = project.Report("model").GetProperty("kernels").GetProperty("weighted");
        Assert.AreEqual(1, weighted.GetProperty("dynamic").GetInt32() + weighted.GetProperty("stored8").GetInt32(), weighted.ToString());
    }

    [TestMethod]
    public void InputOfStrings_WithData_QB4002NamesIt()
    {
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("x", [Samples, 64], new float[Samples * 64]))
            .WithModel("model", Text(), ("CalibrationData", "x.npz"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4002" }, PipelineProject.Errors(result));
        StringAssert.Contains(result.Diagnostics[^1].Message, "'text', which is an input of the model (string [n,1])");
    }

    [TestMethod]
    public void ScalarInput_IsFedSampleBySample()
    {
        using PipelineProject project = Project(
            Product().Input("gain", "").Node("Mul", "y gain", "z")
                .Output("z"), NamedArray.Of("gain", [Samples], SeededValues.Floats("gain", 0.5f, 1, Samples)));

        AssertIntegers(project);
    }

    [TestMethod]
    public void OutputsThatOthersRead_AreGivenAsFloats()
    {
        using PipelineProject project = Project(Product().Weights("v", 5, 4).Node("Relu", "y", "r").Node("MatMul", "r v", "z")
            .Node("Neg", "z", "q").Output("r").Output("z").Output("q"));

        AssertIntegers(project, fused: 2);
    }

    [TestMethod]
    public void OutputThatIsAnInput_StaysIt()
    {
        using PipelineProject project = Project(Product().Output("x").Node("Identity", "x", "same").Output("same"));

        AssertIntegers(project);
    }

    [TestMethod]
    public void OutputThatIsAWeight_IsStillGiven()
    {
        using PipelineProject project = Project(Product().Output("w"));

        AssertIntegers(project);
    }

    [TestMethod]
    public void UnusedOutputsAndInputs_DoNoHarm()
    {
        using PipelineProject project = Project(
            Product().Input("ignored", "n,2").Int64s("k", 2).Node("TopK", "y k", "v i")
                .Node("Split", "y", "p q", ("axis", 1), ("num_outputs", 2)).Node("Exp", "x", "nobody").Output("v").Output("p"),
            NamedArray.Of("ignored", [Samples, 2], new float[Samples * 2]));

        AssertIntegers(project);
    }

    [TestMethod]
    public void WeightsListedAsInputs_AreWeights()
    {
        using PipelineProject project = Project(new ModelBuilder(8).Input("x", "n,6").Weights("w", 6, 5).AsInput("w")
            .Node("MatMul", "x w", "y").Output("y"));

        AssertIntegers(project);
    }

    [TestMethod]
    public void LocalFunctions_AreSeenThrough()
    {
        using PipelineProject project = Project(new ModelBuilder().Domain("own", 1).Input("x", "n,6").Weights("w", 6, 5)
            .Function("own", "Layer", "a b", "c", [], new GraphBuilder().Node("MatMul", "a b", "p").Node("Relu", "p", "c"))
            .Node("Layer", "x w", "y", ("domain", "own")).Output("y"));

        AssertIntegers(project);
    }

    [TestMethod]
    public void FunctionOfAnotherOpset_StaysAndTheRestIsQuantized()
    {
        using PipelineProject project = Project(new ModelBuilder().Domain("own", 1).Input("x", "n,6").Weights("w", 6, 5)
            .Function("own", "Old", "a", "b", [], new GraphBuilder().Node("Softmax", "a", "b", ("axis", 1)), opset: 12)
            .Node("MatMul", "x w", "p").Node("Old", "p", "y", ("domain", "own")).Output("y"));

        AssertIntegers(project);
    }

    [TestMethod]
    public void OperatorsOfAnotherDomain_StayAndTheRestIsQuantized()
    {
        using PipelineProject project = Project(new ModelBuilder().Domain("com.microsoft", 1).Input("x", "n,6").Weights("w", 6, 5)
            .Weights("b", 5).Weights("v", 5, 4)
            .Node("MatMul", "x w", "p").Node("BiasGelu", "p b", "g", ("domain", "com.microsoft")).Node("MatMul", "g v", "y").Output("y"));

        AssertIntegers(project, fused: 2);
    }

    [TestMethod]
    [DataRow("DequantizeLinear")]
    [DataRow("ConvInteger")]
    public void QuantizedAlready_QB2005(string opType)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,6").Output("y").Initializer("scale", OnnxTensor.Scalar(0.1f));
        if (opType == "DequantizeLinear")
            model.Initializer("w", OnnxTensor.Create(OnnxElementType.Int8, [6, 2], new sbyte[12])).Node("DequantizeLinear", "w scale", "f")
                .Node("MatMul", "x f", "y");
        else
            model.Node("DynamicQuantizeLinear", "x", "q s z").Node("DequantizeLinear", "q s z", "y");
        using PipelineProject project = Project(model);

        CollectionAssert.AreEqual(new[] { "QB2005" }, PipelineProject.Errors(project.Quantize()));
    }

    [TestMethod]
    public void NormalizationThatTrains_StaysAsItIs()
    {
        using PipelineProject project = Project(Product().Weights("s", 5).Weights("b", 5).Weights("m", 5).PositiveWeights("v", 5)
            .Node("BatchNormalization", "y s b m v", "z mean variance", ("training_mode", 1)).Output("z").Output("mean"));

        AssertIntegers(project);
    }

    [TestMethod]
    [DataRow("Dropout", "y ratio train")]
    [DataRow("RandomNormalLike", "y")]
    [DataRow("Bernoulli", "half")]
    public void RandomNumbers_StayAndTheRestIsQuantized(string opType, string inputs)
    {
        ModelBuilder model = Product().Initializer("ratio", OnnxTensor.Scalar(0.5f))
            .Initializer("train", OnnxTensor.Create(OnnxElementType.Bool, [], [true]))
            .Node("Sigmoid", "y", "s").Node("Identity", "s", "half").Node(opType, inputs, "noise").Node("Add", "half noise", "z")
            .Output("z");
        using PipelineProject project = Project(model);

        project.QuantizeAll();

        Assert.AreEqual(1, project.Report("model").GetProperty("kernels").GetProperty("fused").GetInt32());
    }

    [TestMethod]
    public void ZeroSize_DimensionsOfValuesAndWeights_DoNoHarm()
    {
        using PipelineProject project = Project(Product().Floats("nothing", [0, 5]).Int64s("all", 0, -1)
            .Node("Concat", "y nothing", "z", ("axis", 0)).Floats("none", [6, 0]).Node("MatMul", "x none", "e")
            .Node("Concat", "z e", "q", ("axis", 1)).Output("q").Output("e"));

        AssertIntegers(project, fused: 2);
    }

    [TestMethod]
    public void ZeroSizeInput_IsFed()
    {
        using PipelineProject project = Project(
            Product().Input("past", "n,t,5").Int64s("one", 1).Node("Unsqueeze", "y one", "u").Node("Concat", "past u", "z", ("axis", 1))
                .Output("z"), NamedArray.Of("past", [Samples, 0, 5], Array.Empty<float>()));

        AssertIntegers(project);
    }

    [TestMethod]
    public void OldSoftmax_OfNothing_IsLeftAlone()
    {
        using PipelineProject project = Project(new ModelBuilder(11).Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y")
            .Output("y")
            .Input("past", "n,3,t").Node("Softmax", "past", "z", ("axis", 1))
            .Output("z"), NamedArray.Of("past", [Samples, 3, 0], Array.Empty<float>()));

        AssertIntegers(project);
    }

    /// <summary>text [n,1] goes through, x [n,64] meets weights that are worth storing.</summary>
    private static ModelBuilder Text() => new ModelBuilder().Input("x", "n,64").Weights("w", 64, 128).Node("MatMul", "x w", "y").Output("y")
        .Input("text", "n,1", OnnxElementType.String).Output("t", type: OnnxElementType.String).Node("Identity", "text", "t");

    /// <summary>x [n,6] ─ MatMul ─ y [n,5]</summary>
    private static ModelBuilder Product() => new ModelBuilder(18).Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y")
        .Output("y");

    private static PipelineProject Project(ModelBuilder model, params NamedArray[] others) => new PipelineProject()
        .WithData("x.npz", [NamedArray.Of("x", [Samples, 6], SeededValues.Floats("x", -1, 1, Samples * 6)), .. others])
        .WithModel("model", model, ("CalibrationData", "x.npz"));

    private static NamedArray Of<T>(string name, OnnxElementType type, IEnumerable<T> values)
        where T : unmanaged
    {
        T[] all = [.. values];
        return NamedArray.Of<T>(name, type, [Samples, all.Length / Samples], all);
    }

    private static void AssertIntegers(PipelineProject project, int fused = 1)
    {
        project.QuantizeAll();
        JsonElement report = project.Report("model");
        Assert.AreEqual(fused, report.GetProperty("kernels").GetProperty("fused").GetInt32(), report.GetProperty("nodes").ToString());
        Assert.IsGreaterThan(0.99, report.GetProperty("accuracy").GetProperty("quantized").GetDouble());
    }
}
