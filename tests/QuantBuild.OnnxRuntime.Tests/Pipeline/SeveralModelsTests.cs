using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class SeveralModelsTests
{
    private static readonly ModelBuilder Line =
        new ModelBuilder().Input("x", "n,4").Weights("w", 4, 3).Node("MatMul", "x w", "y").Output("y", "n,3");

    [TestMethod]
    public void Quantize_OneModelFailsWhileRunning_TheOtherIsDone()
    {
        // The table has ten rows; sample 60 asks for the eleventh.
        long[] tokens = new long[100];
        tokens[60] = 10;
        using PipelineProject project = new PipelineProject()
            .WithData("tokens.npz", NamedArray.Of("t", [100], tokens))
            .WithModel(
                "lookup",
                new ModelBuilder().Input("t", "n", OnnxElementType.Int64).Weights("table", 10, 4).Weights("w", 4, 3)
                    .Node("Gather", "table t", "e").Node("MatMul", "e w", "y").Output("y", "n,3"),
                ("CalibrationData", "tokens.npz"))
            .WithModel("digits", TestModels.Digits(), ("CalibrationData", PipelineProject.DigitsData));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB2007" }, PipelineProject.Errors(result));
        Diagnostic error = result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB2007");
        Assert.AreEqual("lookup.onnx", error.Origin!.Model);
        StringAssert.Contains(error.Message, "out of data bounds");
        Assert.IsFalse(error.Message.Contains('\n'), error.Message);
        Assert.AreEqual("digits", result.Models.Single().Name);
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_ManyProblems_AllAtOnceAndNothingIsDone()
    {
        using PipelineProject project = new PipelineProject()
            .WithData("short.npz", NamedArray.Of("x", [10, 3], new float[30]))
            .WithData("classless.npz", NamedArray.Of("x", [10, 4], new float[40]))
            .WithModel("a", Line, ("CalibrationData", "classless.npz"), ("Schem", "Static"))
            .WithModel("f", Line, ("CalibrationData", "short.npz"))
            .WithModel("b", [1, 2, 3], ("CalibrationData", "classless.npz"))
            .WithModel("c", Line, ("CalibrationData", "nowhere.npz"))
            .WithModel("d", Line, ("CalibrationData", "classless.npz"), ("Metric", "Top1"))
            .WithModel("e", new ModelBuilder().Input("x", "n,4").Node("Relu", "missing", "y").Output("y"), ("CalibrationData", "classless.npz"))
            .WithModel("digits", TestModels.Digits(), ("CalibrationData", PipelineProject.DigitsData));

        ProjectResult result = project.Quantize(("QuantBuildGatte", "Off"));

        CollectionAssert.AreEquivalent(
            new[] { "QB1001", "QB1001", "QB4003", "QB2001", "QB1005", "QB4010", "QB2003" },
            PipelineProject.Codes(result), string.Join('\n', result.Diagnostics));
        Assert.IsEmpty(result.Models);
        Assert.IsFalse(Directory.Exists(project.Output("")));
    }

    [TestMethod]
    public void Quantize_NoFloatOutput_QB7004BeforeAnyWork()
    {
        ModelBuilder classes = new ModelBuilder().Input("x", "n,4").Weights("w", 4, 3).Node("MatMul", "x w", "y")
            .Node("ArgMax", "y", "class", ("axis", 1), ("keepdims", 0)).Output("class", "n", OnnxElementType.Int64);
        using PipelineProject project = new PipelineProject()
            .WithData("x.npz", NamedArray.Of("x", [200, 4], SeededValues.Floats("x", -1, 1, 800)))
            .WithModel("classes", classes, ("CalibrationData", "x.npz"));

        ProjectResult refused = project.Quantize();
        Assert.AreEqual(DiagnosticCatalogue.NothingToCompare, refused.Diagnostics.Single().Descriptor);
        StringAssert.Contains(refused.Diagnostics[0].Message, "('class' int64 [n])");

        ProjectResult unchecked_ = project.Quantize(("QuantBuildGate", "Off"));
        Assert.IsTrue(unchecked_.Succeeded, string.Join('\n', unchecked_.Diagnostics));
        Assert.IsFalse(project.Report("classes").TryGetProperty("accuracy", out _));
    }
}
