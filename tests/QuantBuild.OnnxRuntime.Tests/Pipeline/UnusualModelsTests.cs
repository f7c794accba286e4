using System.Text.Json;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>Models that are fed or answer in other ways than a batch of images and a row of scores.</summary>
[TestClass]
public sealed class UnusualModelsTests
{
    private const int Samples = 130;

    [TestMethod]
    [DataRow("n,6", DisplayName = "free batch")]
    [DataRow("1,6", DisplayName = "batch of one")]
    [DataRow("4,6", DisplayName = "batch of four, two samples left over")]
    [DataRow("500,6", DisplayName = "more at once than there are samples")]
    [DataRow(null, DisplayName = "unknown rank")]
    public void Quantize_AnyBatch_EverySampleIsCompared(string? shape)
    {
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", shape).Weights("w", 6, 5).Node("MatMul", "x w", "y").Output("y"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_NoBatchAxis_SamplesAreWholeInputs()
    {
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("x", [Samples, 3, 6], SeededValues.Floats("x", -1, 1, Samples * 18)))
            .WithModel(
                "model", new ModelBuilder().Input("x", "3,6").Weights("w", 6, 5).Node("MatMul", "x w", "y").Output("y", "3,5"), ("CalibrationData", "x.npz"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_FreeBatchThatIsBakedToOne_OneAtATime()
    {
        // The batch is declared free, and the reshape behind it allows one sample only.
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Int64s("one", 1, 6).Weights("w", 6, 5)
            .Node("Reshape", "x one", "r").Node("MatMul", "r w", "y").Output("y"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_BakedToOneAndOneCalibrationSample_ValidationRunsOneAtATime()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,6").Int64s("one", 1, 6).Weights("w", 6, 5)
            .Node("Reshape", "x one", "r").Node("MatMul", "r w", "y").Output("y");
        using PipelineProject project = new PipelineProject()
            .WithData("one.npz", NamedArray.Of("x", [1, 6], SeededValues.Floats("x", -1, 1, 6)))
            .WithData("x.npz", NamedArray.Of("x", [Samples, 6], SeededValues.Floats("x", -1, 1, Samples * 6)))
            .WithModel("model", model, ("CalibrationData", "one.npz"), ("ValidationData", "x.npz"));

        AssertQuantized(project, Samples);
    }

    [TestMethod]
    public void Quantize_TwoInputsAndTwoOutputs_BothAreCompared()
    {
        using PipelineProject project = new PipelineProject()
            .WithData(
                "x.npz",
                NamedArray.Of("tokens", [Samples, 3], SeededValues.Integers("tokens", 0, 10, Samples * 3)),
                NamedArray.Of("mask", [Samples, 3], SeededValues.Floats("mask", 0, 1, Samples * 3)))
            .WithModel(
                "model",
                new ModelBuilder().Input("tokens", "n,s", OnnxElementType.Int64).Input("mask", "n,s").Weights("table", 10, 8).Weights("w", 8, 5)
                    .Node("Gather", "table tokens", "e").Node("MatMul", "e w", "y").Node("Relu", "mask", "z").Output("y").Output("z"),
                ("CalibrationData", "x.npz"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_ScalarOutputBesideScores_Quantized()
    {
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y")
            .Node("ReduceMax", "y", "top", ("keepdims", 0)).Output("y").Output("top"));

        AssertQuantized(project);
    }

    [TestMethod]
    [DataRow("n,6")]
    [DataRow("4,6")]
    public void Quantize_OutputWhoseLengthDependsOnTheValues_CountsAsDifferentAndNotAsADefect(string shape)
    {
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", shape).Weights("w", 6, 5).Floats("limit", [1], 0.05f)
            .Node("MatMul", "x w", "y").Node("Greater", "y limit", "found").Node("Reshape", "found flat", "which")
            .Node("Compress", "y which", "kept").Int64s("flat", -1).Output("y").Output("kept"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_SequenceAndIntegerOutputs_AreLeftAlone()
    {
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y")
            .Node("ArgMax", "y", "class", ("axis", 1)).Output("class", null, OnnxElementType.Int64).Output("y"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_FreeInnerAxes_ValidationMayHaveOthers()
    {
        using PipelineProject project = new PipelineProject()
            .WithData("small.npz", NamedArray.Of("x", [Samples, 2, 8, 8], SeededValues.Floats("x", -1, 1, Samples * 128)))
            .WithData("large.npz", NamedArray.Of("x", [7, 2, 13, 11], SeededValues.Floats("v", -1, 1, 7 * 2 * 13 * 11)))
            .WithModel(
                "model",
                new ModelBuilder().Input("x", "n,2,h,w").Weights("k", 4, 2, 3, 3).Node("Conv", "x k", "c").Node("Relu", "c", "r")
                    .Node("GlobalAveragePool", "r", "y").Output("y"),
                ("CalibrationData", "small.npz"), ("ValidationData", "large.npz"));

        AssertQuantized(project, 7);
    }

    [TestMethod]
    public void Quantize_NodeThatIsAlwaysZero_IsNotBlamed()
    {
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Floats("zero", [6, 5], new float[30]).Weights("w", 6, 5).Node("MatMul", "x zero", "dead", ("name", "dead"))
                .Node("MatMul", "x w", "y").Output("y").Output("dead"),
            ("Scheme", "Static"), ("MinAccuracy", "1"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB7002" }, PipelineProject.Errors(result));
        Assert.IsFalse(result.Diagnostics[^1].Message.Contains("NaN", StringComparison.Ordinal), result.Diagnostics[^1].Message);
        StringAssert.Contains(result.Diagnostics[^1].Message, "ratio: 'y' (MatMul, ");
    }

    [TestMethod]
    public void Quantize_BiasOfMinusInfinity_StaysFloat()
    {
        // A mask behind the product, as attention has it.
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Weights("v", 5, 5)
            .Floats("mask", [5], 0, 0, float.NegativeInfinity, 0, 0)
            .Node("MatMul", "x w", "s").Node("Add", "s mask", "m").Node("Softmax", "m", "p", ("axis", -1)).Node("MatMul", "p v", "y").Output("y"));

        AssertQuantized(project);

        JsonElement masked = project.Report("model").GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("name").GetString() == "s");
        Assert.AreEqual("its constants hold NaN or infinities", masked.GetProperty("reason").GetString());
    }

    [TestMethod]
    public void Quantize_StoredTableWithInfinities_StaysFloat()
    {
        // Rows of a causal mask, looked up by position.
        var mask = new float[64 * 64];
        for (int i = 0; i < mask.Length; i++)
            mask[i] = i % 64 > i / 64 ? float.NegativeInfinity : 0;
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("position", [Samples], SeededValues.Integers("position", 0, 64, Samples)))
            .WithModel(
                "model",
                new ModelBuilder().Input("position", "n", OnnxElementType.Int64).Floats("mask", [64, 64], mask).Weights("w", 64, 5)
                    .Node("Gather", "mask position", "m").Node("Softmax", "m", "p", ("axis", -1)).Node("MatMul", "p w", "y").Output("y"),
                ("CalibrationData", "x.npz"));

        AssertQuantized(project);
    }

    [TestMethod]
    public void Quantize_NaNInTheData_QB4005NamesTheInput()
    {
        float[] values = SeededValues.Floats("x", -1, 1, Samples * 6);
        values[8 * 6] = float.NaN;
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y").Output("y")).WithData("x.npz", NamedArray.Of("x", [Samples, 6], values));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4005" }, PipelineProject.Errors(result));
        StringAssert.Contains(result.Diagnostics[^1].Message, "'x' holds NaN");
    }

    [TestMethod]
    public void Quantize_NaNInTheModel_QB5003AndTheNodesAroundItStayFloat()
    {
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Weights("v", 6, 5).Node("Log", "x", "l").Node("MatMul", "l w", "m")
                .Node("MatMul", "x v", "y").Output("y").Output("m"));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(Array.Empty<string>(), PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        StringAssert.Contains(result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB5003").Message, "NaN in 'l'");
        AssertFloat(project, "m", "'l' holds NaN for some calibration sample");
        Assert.AreEqual(1, project.Report("model").GetProperty("kernels").GetProperty("fused").GetInt32());
    }

    [TestMethod]
    public void Quantize_InfinitiesInTheModel_KeepWhatReadsThemFloat()
    {
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Weights("v", 6, 5).Floats("zero", [1], 0).Node("Greater", "x zero", "g")
                .Floats("lowest", [1], float.NegativeInfinity).Node("Where", "g x lowest", "h").Node("MatMul", "h w", "m").Node("Tanh", "m", "t")
                .Node("MatMul", "x v", "o").Node("Add", "t o", "y").Output("y"));

        project.QuantizeAll();

        AssertFloat(project, "m", "'h' holds infinite values for some calibration sample");
    }

    [TestMethod]
    public void Quantize_MaskOnScores_DoesNotSetARange()
    {
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Weights("v", 6, 5).Floats("zero", [1], 0).Floats("lowest", [1], -1e9f).Floats("ten", [1], 10)
                .Node("Greater", "x zero", "g").Node("Mul", "x ten", "s").Node("Where", "g s lowest", "h").Node("MatMul", "h w", "m").Node("Tanh", "m", "t")
                .Node("MatMul", "x v", "o").Node("Add", "t o", "y").Output("y"));

        AssertQuantized(project);
        AssertFloat(project, "m", "'h' has values so far from all others that no 8-bit range serves both");
    }

    [TestMethod]
    public void Quantize_ValueThatIsAlwaysEmpty_StaysFloat()
    {
        using PipelineProject project = Vectors(
            new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Weights("v", 6, 5).Int64s("from", 0).Int64s("axes", 0).Node("Slice", "x from from axes", "e")
                .Node("MatMul", "e w", "m").Node("MatMul", "x v", "o").Node("Concat", "m o", "y", ("axis", 0)).Output("y"));

        AssertQuantized(project);
        AssertFloat(project, "m", "'e' is empty for every calibration sample");
    }

    [TestMethod]
    public void Quantize_ScoresBesideBoxes_AreJoinedInFloat()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,3,8,8").Weights("w", 4, 3, 3, 3).Initializer("large", SeededValues.Tensor("large", -90, 90, 4, 3, 3, 3))
            .Weights("u", 2, 8, 1, 1).Node("Conv", "x w", "scores").Node("Conv", "x large", "boxes").Node("Concat", "boxes scores", "y", ("axis", 1))
            .Node("Conv", "y u", "z").Output("y").Output("z");
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("x", [Samples, 3, 8, 8], SeededValues.Floats("x", -1, 1, Samples * 192)))
            .WithModel("model", model, ("CalibrationData", "x.npz"));

        AssertQuantized(project);
        AssertFloat(project, "y", "one scale for all of its parts would leave 'scores' 3 of 256 codes");
        Assert.AreEqual(3, project.Report("model").GetProperty("kernels").GetProperty("fused").GetInt32());
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(-1)]
    public void Quantize_LabelOutOfRange_QB4010NamesIt(int label)
    {
        long[] labels = new long[Samples];
        labels[3] = label;
        using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y").Output("y"))
            .WithData("x.npz", NamedArray.Of("x", [Samples, 6], SeededValues.Floats("x", -1, 1, Samples * 6)), NamedArray.Of("labels", [Samples], labels));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4010" }, PipelineProject.Errors(result));
        StringAssert.Contains(result.Diagnostics[^1].Message, $"the label {label} is not ");
    }

    [TestMethod]
    public void Quantize_NoSamplesOrTooFew_QB4009()
    {
        foreach (int count in new[] { 0, 1, 3 })
        {
            using PipelineProject project = Vectors(new ModelBuilder().Input("x", "n,6").Weights("w", 6, 5).Node("MatMul", "x w", "y").Output("y"))
                .WithData("x.npz", NamedArray.Of("x", [count, 6], new float[count * 6]));

            CollectionAssert.AreEqual(new[] { "QB4009" }, PipelineProject.Errors(project.Quantize()), $"{count} samples");
        }
    }

    private static void AssertFloat(PipelineProject project, string node, string reason)
    {
        JsonElement found = project.Report("model").GetProperty("nodes").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == node);
        Assert.AreEqual("float", found.GetProperty("runs").GetString());
        Assert.AreEqual(reason, found.GetProperty("reason").GetString());
    }

    private static PipelineProject Vectors(ModelBuilder model, params (string Name, string Value)[] metadata) => new PipelineProject()
        .WithData("x.npz", NamedArray.Of("x", [Samples, 6], SeededValues.Floats("x", -1, 1, Samples * 6)))
        .WithModel("model", model, [("CalibrationData", "x.npz"), .. metadata]);

    /// <summary>Every sample of the validation part was compared, and the outputs are close.</summary>
    private static void AssertQuantized(PipelineProject project, int samples = Samples / 4)
    {
        project.QuantizeAll();
        JsonElement accuracy = project.Report("model").GetProperty("accuracy");
        Assert.AreEqual(samples, accuracy.GetProperty("samples").GetInt32());
        Assert.IsGreaterThan(0.8, accuracy.GetProperty("quantized").GetDouble());
    }
}
