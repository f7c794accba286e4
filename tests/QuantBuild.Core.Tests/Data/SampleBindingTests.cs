using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class SampleBindingTests
{
    private readonly DiagnosticBag problems = new();

    [TestMethod]
    public void Bind_FreeFirstAxis_AnyNumberAtOnce()
    {
        InputBinding input = Bound(new ModelBuilder().Input("x", "n,3"), Floats("x", 5, 3)).Inputs.Single();

        Assert.IsFalse(input.HasSampleAxis);
        Assert.IsNull(input.FixedBatch);
    }

    [TestMethod]
    public void Bind_FixedFirstAxis_ThatManyAtOnce()
    {
        SampleBinding binding = Bound(new ModelBuilder().Input("x", "4,3"), Floats("x", 10, 3));

        Assert.AreEqual(4L, binding.Inputs.Single().FixedBatch);
        Assert.AreEqual(10L, binding.SampleCount);
    }

    [TestMethod]
    public void Bind_ArrayWithOneAxisMore_EverySampleIsAWholeInput()
    {
        InputBinding input = Bound(new ModelBuilder().Input("x", "28,28"), Floats("x", 5, 28, 28)).Inputs.Single();

        Assert.IsTrue(input.HasSampleAxis);
        Assert.AreEqual(1L, input.FixedBatch);
    }

    [TestMethod]
    public void Bind_ScalarInput_OneNumberPerSample() =>
        Assert.IsTrue(Bound(new ModelBuilder().Input("x", ""), Floats("x", 5)).Inputs.Single().HasSampleAxis);

    [TestMethod]
    public void Bind_BatchOfOneDeclared_OneAtOnce() =>
        Assert.AreEqual(1L, Bound(new ModelBuilder().Input("x", "1,3"), Floats("x", 5, 3)).Inputs.Single().FixedBatch);

    [TestMethod]
    public void Bind_ArrayKeepsTheBatchOfOne_EverySampleIsAWholeInput() =>
        Assert.IsTrue(Bound(new ModelBuilder().Input("x", "1,3"), Floats("x", 5, 1, 3)).Inputs.Single().HasSampleAxis);

    [TestMethod]
    public void Bind_UnknownRank_FirstAxisIsTheBatch() =>
        Assert.IsNull(Bound(new ModelBuilder().Input("x", null), Floats("x", 5, 2, 3)).Inputs.Single().FixedBatch);

    [TestMethod]
    public void Bind_FreeInnerAxes_TakeAnyLength() => Assert.HasCount(1, Bound(new ModelBuilder().Input("x", "n,3,h,w"), Floats("x", 5, 3, 17, 9)).Inputs);

    [TestMethod]
    public void Bind_EmptySamplesBesideOthers_AreAnInputOfNoLength() =>
        Assert.AreEqual(5, Bound(new ModelBuilder().Input("x", "n,3").Input("past", "n,t,2"), Floats("x", 5, 3), Floats("past", 5, 0, 2)).SampleCount);

    [TestMethod]
    public void Bind_NothingButEmptySamples_QB4009()
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("past", "n,t,2"), Floats("past", 5, 0, 2));

        Assert.AreEqual("QB4009", problem.Code);
        StringAssert.Contains(problem.Message, "all of its arrays are empty");
    }

    [TestMethod]
    public void Bind_SeveralInputsOfSeveralTypes_InTheOrderOfTheModel()
    {
        SampleBinding binding = Bound(
            new ModelBuilder().Input("tokens", "n,7", OnnxElementType.Int64).Input("mask", "n,7"),
            Floats("mask", 6, 7), Int64s("labels", 6), Int64s("tokens", 6, 7));

        CollectionAssert.AreEqual(new[] { "tokens", "mask" }, binding.Inputs.Select(input => input.Input.Name).ToArray());
        Assert.AreEqual("labels", binding.Labels!.Name);
    }

    [TestMethod]
    public void Bind_InputCalledLabels_IsAnInputAndNotTheClasses() =>
        Assert.IsNull(Bound(new ModelBuilder().Input("labels", "n,3"), Floats("labels", 5, 3)).Labels);

    [TestMethod]
    public void Bind_ArraysOfNoInput_AreLeftAlone() => Assert.HasCount(1, Bound(new ModelBuilder().Input("x", "n,3"), Floats("x", 5, 3), Floats("other", 2)).Inputs);

    [TestMethod]
    public void Bind_NoArrayOfTheName_QB4002NamesWhatIsThere()
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("image", "n,3"), Floats("images", 5, 3), Int64s("labels", 5));

        Assert.AreEqual(DiagnosticCatalogue.MissingArray, problem.Descriptor);
        StringAssert.Contains(problem.Message, "'image', which is an input of the model (float32 [n,3]). It has: 'images', 'labels'.");
    }

    [TestMethod]
    public void Bind_NoArrays_QB4002SaysSo() => StringAssert.Contains(OnlyProblem(new ModelBuilder().Input("image", "n,3")).Message, "It has: no arrays.");

    [TestMethod]
    [DataRow("n,3", new long[] { 5, 4 }, DisplayName = "wrong length")]
    [DataRow("n,3", new long[] { 5, 3, 1 }, DisplayName = "an axis too many")]
    [DataRow("n,3,4", new long[] { 5, 3 }, DisplayName = "an axis too few")]
    [DataRow("n,3,4", new long[] { 5, 4, 3 }, DisplayName = "axes swapped")]
    [DataRow("28,28", new long[] { 5, 28, 27 }, DisplayName = "whole inputs of the wrong length")]
    [DataRow("", new long[] { 5, 3 }, DisplayName = "vectors for a scalar")]
    [DataRow(null, new long[] { 5 }, DisplayName = "numbers for an input of unknown rank")]
    public void Bind_ShapeThatDoesNotFit_QB4003NamesBoth(string? input, long[] array)
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("x", input), Floats("x", array));

        Assert.AreEqual(DiagnosticCatalogue.ShapeMismatch, problem.Descriptor);
        StringAssert.Contains(problem.Message, $"has the shape [{string.Join(",", array)}], but the model's input is float32 [{input ?? "…"}]");
    }

    [TestMethod]
    public void Bind_OtherType_QB4004NamesBoth()
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("x", "n,3", OnnxElementType.Int64), Floats("x", 5, 3));

        Assert.AreEqual(DiagnosticCatalogue.TypeMismatch, problem.Descriptor);
        StringAssert.Contains(problem.Message, "holds float32, but the model's input takes int64");
    }

    [TestMethod]
    public void Bind_ArraysOfDifferentCounts_QB4008NamesBoth()
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("a", "n,3").Input("b", "n,3"), Floats("a", 5, 3), Floats("b", 6, 3));

        Assert.AreEqual(DiagnosticCatalogue.CountMismatch, problem.Descriptor);
        StringAssert.Contains(problem.Message, "'b' has 6 samples, but 'a' has 5");
    }

    [TestMethod]
    public void Bind_FewerLabelsThanSamples_QB4008() =>
        Assert.AreEqual("QB4008", OnlyProblem(new ModelBuilder().Input("x", "n,3"), Floats("x", 5, 3), Int64s("labels", 4)).Code);

    [TestMethod]
    public void Bind_NoSamples_QB4009() =>
        Assert.AreEqual(DiagnosticCatalogue.NoSamples, OnlyProblem(new ModelBuilder().Input("x", "n,3"), Floats("x", 0, 3)).Descriptor);

    /// <summary>Maps, sequences and values are for the metric to judge.</summary>
    [TestMethod]
    public void Bind_LabelsAreNotOneClassPerSample_AreNoClasses()
    {
        foreach (NamedArray labels in new[] { Floats("labels", 5), Int64s("labels", 5, 10) })
            Assert.IsNull(Bound(new ModelBuilder().Input("x", "n,3"), Floats("x", 5, 3), labels).Labels);
    }

    [TestMethod]
    public void Bind_LabelsAsAColumnOrOf32Bits_AreTaken()
    {
        foreach (NamedArray labels in new[] { Int64s("labels", 5, 1), NamedArray.Of<int>("labels", OnnxElementType.Int32, [5], new int[5]) })
            Assert.IsNotNull(Bound(new ModelBuilder().Input("x", "n,3"), Floats("x", 5, 3), labels).Labels);
    }

    [TestMethod]
    [DataRow("4,3", "2,3", new long[] { 8, 3 })]
    [DataRow("4,3", "3", new long[] { 8, 3 })]
    public void Bind_InputsThatTakeDifferentNumbersOfSamples_QB4011(string first, string second, long[] array)
    {
        Diagnostic problem = OnlyProblem(new ModelBuilder().Input("a", first).Input("b", second), Floats("a", array), Floats("b", array));

        Assert.AreEqual(DiagnosticCatalogue.BatchMismatch, problem.Descriptor);
        StringAssert.Contains(problem.Message, "takes 4 samples at once in its input 'a'");
    }

    [TestMethod]
    public void Bind_WholeInputsBesideAFreeBatch_AreTaken() =>
        Assert.HasCount(2, Bound(new ModelBuilder().Input("a", "n,3").Input("b", "3"), Floats("a", 8, 3), Floats("b", 8, 3)).Inputs);

    [TestMethod]
    public void Bind_SeveralProblems_AllAtOnce()
    {
        ModelBuilder model = new ModelBuilder().Input("a", "n,3").Input("b", "n,3").Input("c", "n,3").Input("d", "n,3");

        Assert.IsNull(Bind(model, problems, Floats("a", 5, 3), Floats("b", 5, 4), Int64s("c", 5, 3), Floats("labels", 4)));

        CollectionAssert.AreEqual(
            new[] { "QB4003", "QB4004", "QB4002", "QB4008" }, problems.Diagnostics.Select(problem => problem.Code).ToArray());
    }

    private SampleBinding Bound(ModelBuilder model, params NamedArray[] arrays)
    {
        SampleBinding? binding = Bind(model, problems, arrays);
        Assert.IsEmpty(problems.Diagnostics, string.Join('\n', problems.Diagnostics));
        return binding!;
    }

    private Diagnostic OnlyProblem(ModelBuilder model, params NamedArray[] arrays)
    {
        Assert.IsNull(Bind(model, problems, arrays));
        return problems.Diagnostics.Single();
    }

    private static SampleBinding? Bind(ModelBuilder model, DiagnosticBag problems, params NamedArray[] arrays) =>
        SampleBinding.Bind(new ArraySampleSource(arrays), model.Build().Signature, new DiagnosticOrigin("model.onnx"), problems);

    private static NamedArray Floats(string name, params long[] shape) => NamedArray.Of(name, shape, new float[shape.Aggregate(1L, (a, b) => a * b)]);

    private static NamedArray Int64s(string name, params long[] shape) => NamedArray.Of(name, shape, new long[shape.Aggregate(1L, (a, b) => a * b)]);
}
