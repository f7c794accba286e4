using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests;

[TestClass]
public sealed class OnnxRuntimeSessionTests
{
    private static readonly OnnxRuntimeEngine Engine = new();

    private static readonly byte[] Sum = new ModelBuilder().Input("a", "n,2").Input("b", "n,2")
        .Node("Add", "a b", "s").Node("Sub", "a b", "d").Output("s", "n,2").Output("d", "n,2").ToBytes();

    [TestMethod]
    public void Run_InputsInAnyOrder_OutputsInTheOrderAskedFor()
    {
        using IInferenceSession session = Engine.Open(Sum);
        var seen = new List<(int Index, float First)>();

        session.Run([Values("b", 1, 2), Values("a", 5, 6)], ["d", "s"], (index, output) => seen.Add((index, output.Floats[0])));

        CollectionAssert.AreEqual(new[] { (0, 4f), (1, 6f) }, seen);
    }

    [TestMethod]
    public void RunConcurrently_Outputs_EachIsShownOnce()
    {
        using IInferenceSession session = Engine.Open(Sum);
        var seen = new float[2];

        session.RunConcurrently([Values("b", 1, 2), Values("a", 5, 6)], ["d", "s"], (index, output) => seen[index] += output.Floats[0]);

        CollectionAssert.AreEqual(new[] { 4f, 6f }, seen);
    }

    [TestMethod]
    public void Run_Output_HasTypeShapeAndBytes()
    {
        using IInferenceSession session = Engine.Open(Sum);

        session.Run([Values("a", 1, 2, 3, 4), Values("b", 0, 0, 0, 0)], ["s"], (_, output) =>
        {
            Assert.AreEqual(OnnxElementType.Float, output.ElementType);
            CollectionAssert.AreEqual(new long[] { 2, 2 }, output.Shape.ToArray());
            Assert.AreEqual(16, output.Bytes.Length);
            CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, output.Floats.ToArray());
        });
    }

    [TestMethod]
    [DataRow("c", 1f, 2f, DisplayName = "wrong name")]
    [DataRow("b", 1f, 2f, 3f, 4f, 5f, 6f, DisplayName = "shapes that do not go together")]
    public void Run_WrongInput_InferenceExceptionInOneLine(string name, params float[] values)
    {
        using IInferenceSession session = Engine.Open(Sum);

        AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => session.Run([Values("a", 1, 2, 3, 4), Values(name, values)], ["s"], Ignore)));
    }

    [TestMethod]
    public void Run_MissingInput_InferenceExceptionInOneLine()
    {
        using IInferenceSession session = Engine.Open(Sum);

        AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => session.Run([Values("a", 1, 2)], ["s"], Ignore)));
    }

    [TestMethod]
    public void Run_UnknownOutput_InferenceExceptionInOneLine()
    {
        using IInferenceSession session = Engine.Open(Sum);

        AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => session.Run([Values("a", 1, 2), Values("b", 1, 2)], ["q"], Ignore)));
    }

    [TestMethod]
    public void Run_OtherType_InferenceExceptionInOneLine()
    {
        using IInferenceSession session = Engine.Open(Sum);
        InputTensor integers = SeededValues.Int64Input("b", [1, 2], 1, 2);

        AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => session.Run([Values("a", 1, 2), integers], ["s"], Ignore)));
    }

    [TestMethod]
    public void Run_FewerBytesThanTheShapeSays_InferenceException()
    {
        using IInferenceSession session = Engine.Open(Sum);
        var cut = new InputTensor("b", OnnxElementType.Float, [1, 2], new byte[4]);

        AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => session.Run([Values("a", 1, 2), cut], ["s"], Ignore)));
    }

    [TestMethod]
    public void Run_NoElements_EmptyOutput()
    {
        using IInferenceSession session = Engine.Open(Sum);
        int visits = 0;

        session.Run([Values("a"), Values("b")], ["s"], (_, output) =>
        {
            visits++;
            CollectionAssert.AreEqual(new long[] { 0, 2 }, output.Shape.ToArray());
            Assert.AreEqual(0, output.Floats.Length);
        });

        Assert.AreEqual(1, visits);
    }

    /// <summary>The collector moves arrays; sums must not follow.</summary>
    [TestMethod]
    public void Run_InputAnywhereInMemory_SameBits()
    {
        const int Rows = 64, Columns = 101;
        byte[] model = new ModelBuilder().Input("x", $"{Rows},{Columns}")
            .Node("ReduceMean", "x", "mean", ("axes", new long[] { 1 })).Output("mean", $"{Rows},1").ToBytes();
        InputTensor input = SeededValues.FloatInput("x", Rows, Columns);
        using IInferenceSession session = Engine.Open(model);
        byte[]? expected = null;
        for (int offset = 0; offset < 64; offset += sizeof(float))
        {
            byte[] larger = [.. new byte[offset], .. input.Bytes.Span];
            session.Run([input with { Bytes = larger.AsMemory(offset) }], ["mean"], (_, output) =>
            {
                expected ??= output.Bytes.ToArray();
                CollectionAssert.AreEqual(expected, output.Bytes.ToArray(), $"{offset} bytes into an array");
            });
        }
    }

    [TestMethod]
    public void Run_SequenceAndText_AreShownWithoutBytes()
    {
        byte[] model = new ModelBuilder().Input("a", "2").Node("SequenceConstruct", "a a", "list").Output("a2", "2").Node("Neg", "a", "a2").ToBytes();
        OnnxModel exposed = OnnxModelReader.ParseAnyOpset(model, new Diagnostics.DiagnosticOrigin("model.onnx"));
        new GraphEditor(exposed.Graph).AddOutput("list");
        using IInferenceSession session = Engine.Open(exposed.ToBytes());
        var types = new List<OnnxElementType>();

        session.Run([SeededValues.FloatInputOf("a", [2], 1, 2)], ["a2", "list"], (_, output) => types.Add(output.ElementType));

        CollectionAssert.AreEqual(new[] { OnnxElementType.Float, OnnxElementType.Undefined }, types);
    }

    [TestMethod]
    public void Run_VisitorThrows_TheExceptionComesThroughAndTheSessionLives()
    {
        using IInferenceSession session = Engine.Open(Sum);
        InputTensor[] inputs = [Values("a", 1, 2), Values("b", 1, 2)];

        Assert.ThrowsExactly<FormatException>(() => session.Run(inputs, ["s"], (_, _) => throw new FormatException()));

        float first = 0;
        session.Run(inputs, ["s"], (_, output) => first = output.Floats[0]);
        Assert.AreEqual(2f, first);
    }

    [TestMethod]
    public void Open_NoModel_InferenceExceptionInOneLine()
    {
        foreach (byte[] bytes in new[] { [], [1, 2, 3], Sum[..(Sum.Length / 2)] })
            AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => Engine.Open(bytes)));
    }

    [TestMethod]
    public void Open_UnknownOperator_NamesIt()
    {
        byte[] model = new ModelBuilder().Input("x", "2").Node("Frobnicate", "x", "y").Output("y", "2").ToBytes();

        StringAssert.Contains(AssertOneLine(Assert.ThrowsExactly<InferenceException>(() => Engine.Open(model))), "Frobnicate");
    }

    [TestMethod]
    public void Dispose_Twice_IsHarmless()
    {
        IInferenceSession session = Engine.Open(Sum);
        session.Dispose();
        session.Dispose();
    }

    [TestMethod]
    public void Optimize_AnyModel_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        try
        {
            Environment.SetEnvironmentVariable("TMPDIR", folder.Path);
            Assert.AreNotEqual(0, Engine.Optimize(Sum).Length);
            Assert.ThrowsExactly<InferenceException>(() => Engine.Optimize(new byte[] { 1, 2, 3 }));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    private static void Ignore(int index, OutputTensor output)
    {
    }

    private static InputTensor Values(string name, params float[] values) => SeededValues.FloatInputOf(name, [values.Length / 2, 2], values);

    private static string AssertOneLine(InferenceException exception)
    {
        Assert.AreNotEqual("", exception.Message);
        Assert.IsFalse(exception.Message.Contains('\n'), exception.Message);
        Assert.DoesNotMatchRegex(@"\.(cc|h):\d+", exception.Message);
        return exception.Message;
    }
}
