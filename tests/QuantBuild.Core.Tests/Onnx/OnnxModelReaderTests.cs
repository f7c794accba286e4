using System.Text;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class OnnxModelReaderTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Parse_RealModelUntouched_SameBytes() =>
        CollectionAssert.AreEqual(TestModels.Digits(), OnnxModelReader.Parse(TestModels.Digits(), Origin).ToBytes());

    [TestMethod]
    public void Parse_EveryKindOfAttributeAndBody_SameBytes()
    {
        byte[] bytes = new ModelBuilder(9).Domain("com.example", 3).Input("x", "n,3").Input("c", "", OnnxElementType.Bool).Weights("w", 3)
            .AsInput("w")
            .Node("Custom", "x - w", "a - b", ("domain", "com.example"), ("i", 0), ("f", 0f), ("s", ""), ("is", new[] { 1, -1 }),
                ("fs", new[] { 0.5f }),
                ("ss", new[] { "a", "" }), ("t", OnnxTensor.Int64s(1, 2)))
            .Node("If", "c", "y", ("then_branch", new GraphBuilder().Node("Identity", "a", "t").Output("t")),
                ("else_branch", new GraphBuilder().Node("Neg", "b", "e").Output("e")))
            .Declare("a", "n,?").Output("y", null).ToBytes();

        CollectionAssert.AreEqual(bytes, OnnxModelReader.Parse(bytes, Origin).ToBytes());
        CollectionAssert.AreEqual(bytes, OnnxModelReader.Parse(bytes, Origin).Clone().ToBytes());
    }

    [TestMethod]
    [DataRow("", "empty")]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "git lfs pull")]
    [DataRow("<!DOCTYPE html><html></html>", "web page")]
    [DataRow("\n <?xml version='1.0'?>", "web page")]
    [DataRow("PK\u0003\u0004archive", "zip archive")]
    [DataRow("\u0010\0\0\0ORTM\0\0\0\0", "ORT format")]
    public void Parse_OtherFile_QB2001SaysWhatItIs(string content, string expected)
    {
        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(
            () => OnnxModelReader.Parse(Encoding.Latin1.GetBytes(content), Origin));

        Assert.AreEqual("QB2001", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, expected);
    }

    [TestMethod]
    public void Parse_TruncatedAnywhere_QuantBuildExceptionOnly()
    {
        byte[] whole = new ModelBuilder().Input("x", "3").Weights("w", 3).Node("Add", "x w", "y").Output("y").ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] part = whole[..length];
            QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Load(part), $"{length} bytes");
            StringAssert.StartsWith(exception.Diagnostic.Code, "QB2", $"{length} bytes");
        }
    }

    [TestMethod]
    public void Parse_OneByteChanged_ModelOrQuantBuildException()
    {
        byte[] whole = new ModelBuilder(9).Input("x", "n,3").Weights("w", 3, 2).Node("MatMul", "x w", "m").Node("Softmax", "m", "s")
            .Node("Squeeze", "s", "y", ("axes", new[] { 0 }))
            .Output("y").ToBytes();
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
            foreach (byte flip in new byte[] { 0x01, 0x80, 0xff })
            {
                byte[] damaged = [.. whole];
                damaged[i] ^= flip;
                try
                {
                    OnnxModel model = OnnxModelReader.Parse(damaged, Origin);
                    if (ModelChecker.FindProblem(model) is null)
                        QuantBuild.Preparation.ModelPreparer.Prepare(model, Origin);
                    else
                        refused++;
                }
                catch (QuantBuildException)
                {
                    refused++;
                }
            }
        Assert.IsTrue(refused > whole.Length / 4, $"{refused}");
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(24)]
    public void Parse_OpsetOutsideOfRange_QB2002(int opset)
    {
        byte[] bytes = new ModelBuilder(opset).Input("x", "3").Node("Relu", "x", "y").Output("y").ToBytes();

        Assert.AreEqual("QB2002", Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.Parse(bytes, Origin)).Diagnostic.Code);
    }

    [TestMethod]
    public void Parse_ModestNesting_IsRead() => Assert.AreEqual(30, Depth(OnnxModelReader.Parse(Nested(30), Origin).Graph));

    [TestMethod]
    public void Parse_ExcessiveNesting_QB2001InsteadOfStackOverflow() =>
        Assert.AreEqual("QB2001",
            Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.Parse(Nested(400), Origin)).Diagnostic.Code);

    [TestMethod]
    public void Load_MissingFile_QB2001() =>
        Assert.AreEqual("QB2001",
            Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.Load("no-such-folder/model.onnx", Origin)).Diagnostic.Code);

    [TestMethod]
    public void Load_InputNobodyProduces_QB2003NamesNode()
    {
        byte[] bytes = new ModelBuilder().Input("x", "3").Node("Add", "x nowhere", "y", ("name", "sum")).Output("y").ToBytes();

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Load(bytes));

        Assert.AreEqual("QB2003", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "'sum'");
    }

    [TestMethod]
    public void Load_QuantizedModel_QB2005NamesOperator()
    {
        byte[] bytes = new ModelBuilder().Input("x", "3").Initializer("s", OnnxTensor.Scalar(1)).Node("QuantizeLinear", "x s", "q")
            .Output("q", null, OnnxElementType.UInt8).ToBytes();

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Load(bytes));

        Assert.AreEqual("QB2005", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "QuantizeLinear");
    }

    private static OnnxModel Load(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), bytes);
        return OnnxModelReader.Load(folder.File("model.onnx"), Origin);
    }

    private static byte[] Nested(int depth)
    {
        GraphBuilder body = new GraphBuilder().Node("Identity", "x", "y").Output("y");
        for (int i = 1; i < depth; i++)
            body = new GraphBuilder().Node("If", "c", "y", ("then_branch", body)).Output("y");
        return new ModelBuilder().Input("x", "3").Input("c", "", OnnxElementType.Bool).Node("If", "c", "y", ("then_branch", body))
            .Output("y").ToBytes();
    }

    private static int Depth(OnnxGraph graph) => graph.Nodes[0].Subgraphs is [var body] ? 1 + Depth(body) : 0;
}
