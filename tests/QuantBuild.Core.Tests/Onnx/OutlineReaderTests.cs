using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

/// <summary>An outline is the model without the data of its tensors, and a damaged file is refused for the same reason as
/// without it.</summary>
[TestClass]
public sealed class OutlineReaderTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Read_TensorsEverywhere_EverythingButTheirData()
    {
        byte[] whole = Everywhere();

        byte[] outline = OutlineReader.Read(new MemoryStream(whole), 1)!;

        CollectionAssert.AreEqual(WithoutData(whole), outline);
        Assert.IsLessThan(whole.Length - (Places * 64), outline.Length);
    }

    [TestMethod]
    public void Read_PartsBelowTheLimit_TheFileItself() =>
        CollectionAssert.AreEqual(Everywhere(), OutlineReader.Read(new MemoryStream(Everywhere()), int.MaxValue));

    [TestMethod]
    public void Read_RealModel_EverythingButTheData() =>
        CollectionAssert.AreEqual(WithoutData(TestModels.Digits()), OutlineReader.Read(new MemoryStream(TestModels.Digits()), 1));

    [TestMethod]
    public void Read_TruncatedAnywhere_NothingOrTheSameRefusal()
    {
        byte[] whole = Everywhere();
        for (int length = 0; length < whole.Length; length++)
            AssertSameOutcome(whole[..length]);
    }

    [TestMethod]
    public void Read_OneByteChanged_NothingOrTheSameOutcome()
    {
        byte[] whole = Everywhere();
        int read = 0;
        for (int i = 0; i < whole.Length; i++)
            foreach (byte flip in new byte[] { 0x01, 0x02, 0x80, 0xff })
            {
                byte[] damaged = [.. whole];
                damaged[i] ^= flip;
                if (AssertSameOutcome(damaged))
                    read++;
            }
        Assert.IsGreaterThan(whole.Length, read);
    }

    [TestMethod]
    [DataRow(new byte[] { 0x3b }, "a group")]
    [DataRow(new byte[] { 0x02, 0x00 }, "field 0")]
    [DataRow(new byte[] { 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 }, "a length above all others")]
    [DataRow(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "a number that does not end")]
    [DataRow(new byte[] { 0x0d, 0x00 }, "half a number")]
    public void Read_NoFields_Nothing(byte[] bytes, string what) => Assert.IsNull(OutlineReader.Read(new MemoryStream(bytes), 1), what);

    [TestMethod]
    public void Read_NestedWithoutEnd_CopiedFromSomeDepthOn()
    {
        byte[] graph = [];
        for (int i = 0; i < 2000; i++)
            graph = Field(GraphProto.NodeFieldNumber, Field(NodeProto.AttributeFieldNumber, Field(AttributeProto.GFieldNumber, graph)));
        byte[] file = Field(ModelProto.GraphFieldNumber, graph);

        CollectionAssert.AreEqual(file, OutlineReader.Read(new MemoryStream(file), 1));
    }

    [TestMethod]
    public void LoadOutline_LargeWeights_SameSignatureAndFewBytesInMemory()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.onnx");
        File.WriteAllBytes(path, Large().ToBytes());
        ModelSignature expected = OnnxModelReader.Load(path, Origin).Signature;
        OnnxModelReader.LoadOutline(path, Origin);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelOutline outline = OnnxModelReader.LoadOutline(path, Origin);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.AreEqual(Text(expected), Text(outline.Signature));
        Assert.IsGreaterThan(4L << 20, new FileInfo(path).Length);
        Assert.IsLessThan(1L << 19, allocated);
    }

    [TestMethod]
    public void LoadOutline_WhatLoadRefuses_SameMessage()
    {
        byte[] whole = Large().ToBytes();
        byte[][] refused =
        [
            whole[..^10],
            whole[..(whole.Length / 2)],
            Large(24).ToBytes(),
            Large().Node("Add", "y nowhere", "z").ToBytes(),
            Large().Initializer("s", OnnxTensor.Scalar(1)).Node("QuantizeLinear", "y s", "q").ToBytes(),
            [.. "PK\u0003\u0004"u8, .. new byte[2 << 20]],
            [.. "<html>"u8, .. new byte[2 << 20]],
        ];
        using var folder = new TemporaryFolder();
        foreach (byte[] bytes in refused)
        {
            string path = folder.File("model.onnx");
            File.WriteAllBytes(path, bytes);

            var error = Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.LoadOutline(path, Origin));

            Assert.AreEqual(Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.Load(path, Origin)).Message, error.Message);
            StringAssert.StartsWith(error.Diagnostic.Code, "QB200");
        }
    }

    private const int Places = 7;

    /// <summary>Tensors wherever a model may have some, in each of the fields that hold many numbers.</summary>
    private static byte[] Everywhere()
    {
        var body = new GraphBuilder().Node("Constant", "", "b", ("value", Weights())).Node("Identity", "b", "t").Output("t");
        ModelProto model = new ModelBuilder().Input("x", "n,32").Input("c", "", OnnxElementType.Bool)
            .Initializer("w", Weights()).Node("Constant", "", "k", ("value", Weights())).Node("Add", "x w", "a")
            .Node("If", "c", "y", ("then_branch", body), ("else_branch", new GraphBuilder().Node("Neg", "k", "e").Output("e")))
            .Output("y").Build().Proto.Clone();
        model.Graph.Initializer.Add(new TensorProto { Name = "floats", DataType = 1, Dims = { 32 }, FloatData = { new float[32] } });
        model.Graph.Initializer.Add(new TensorProto { Name = "doubles", DataType = 11, Dims = { 8 }, DoubleData = { new double[8] } });
        model.Graph.Initializer.Add(new TensorProto { Name = "integers", DataType = 7, Dims = { 3 }, Int64Data = { 1, -1, 300 } });
        model.Graph.SparseInitializer.Add(new SparseTensorProto { Values = Proto("sparse"), Indices = Proto("") });
        model.Functions.Add(new FunctionProto { Name = "f", Domain = "d", Node = { model.Graph.Node[0].Clone() } });
        return model.ToByteArray();
    }

    private static string Text(ModelSignature signature) =>
        string.Join(' ', signature.Inputs.Concat(signature.Outputs).Select(tensor => $"{tensor.Name} {tensor}"));

    private static OnnxTensor Weights() => SeededValues.Tensor("w", -1, 1, 32);

    private static TensorProto Proto(string name) =>
        new() { Name = name, DataType = 1, Dims = { 16 }, RawData = ByteString.CopyFrom(new byte[64]) };

    private static ModelBuilder Large(int opset = 17) => new ModelBuilder(opset).Input("x", "n,1024").Weights("w", 1024, 1024)
        .Node("MatMul", "x w", "y").Output("y", "n,1024");

    /// <returns>True when there is an outline.</returns>
    private static bool AssertSameOutcome(byte[] file)
    {
        if (OutlineReader.Read(new MemoryStream(file), 1) is not { } outline)
            return false;
        Assert.AreEqual(Outcome(file), Outcome(outline));
        return true;
    }

    private static string Outcome(byte[] file)
    {
        try
        {
            OnnxModelReader.Parse(file, Origin);
            return Convert.ToHexString(WithoutData(file));
        }
        catch (QuantBuildException exception)
        {
            return exception.Message;
        }
    }

    private static byte[] WithoutData(byte[] file)
    {
        ModelProto model = ((ModelImage)file).Parse();
        Clear(model);
        return model.ToByteArray();
    }

    private static void Clear(IMessage message)
    {
        if (message is TensorProto tensor)
        {
            tensor.ClearRawData();
            tensor.FloatData.Clear();
            tensor.DoubleData.Clear();
            return;
        }
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            object value = field.Accessor.GetValue(message);
            foreach (IMessage inner in (value as System.Collections.IEnumerable ?? new[] { value }).OfType<IMessage>())
                Clear(inner);
        }
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var output = new MemoryStream();
        using (var coded = new CodedOutputStream(output, leaveOpen: true))
        {
            coded.WriteTag(number, WireFormat.WireType.LengthDelimited);
            coded.WriteBytes(ByteString.CopyFrom(content));
        }
        return output.ToArray();
    }
}
