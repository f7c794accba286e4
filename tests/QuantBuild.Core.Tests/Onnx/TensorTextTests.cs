using QuantBuild.Onnx;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class TensorTextTests
{
    [TestMethod]
    [DataRow("16000", "")]
    [DataRow(" [1, 2 ,3] ", "3")]
    [DataRow("[[1,2],[3,4],[5,6]]", "3,2")]
    [DataRow("[[[-7]]]", "1,1,1")]
    public void Read_Integers_ShapeOfTheBrackets(string text, string shape)
    {
        OnnxTensor tensor = TensorText.Read(text, OnnxElementType.Int64)!;

        Assert.AreEqual(shape, string.Join(",", tensor.Shape));
    }

    [TestMethod]
    public void Read_EveryType_ItsElements()
    {
        Assert.AreEqual(-1.5f, TensorText.Read("-1.5", OnnxElementType.Float)!.Floats[0]);
        Assert.AreEqual(2e-3, TensorText.Read("2e-3", OnnxElementType.Double)!.Values<double>()[0]);
        Assert.AreEqual((Half)0.5, TensorText.Read("0.5", OnnxElementType.Float16)!.Values<Half>()[0]);
        Assert.AreEqual(-128, TensorText.Read("-128", OnnxElementType.Int8)!.Values<sbyte>()[0]);
        Assert.AreEqual(255, TensorText.Read("255", OnnxElementType.UInt8)!.Values<byte>()[0]);
        Assert.AreEqual(ulong.MaxValue, TensorText.Read("18446744073709551615", OnnxElementType.UInt64)!.Values<ulong>()[0]);
        CollectionAssert.AreEqual(new[] { true, false }, TensorText.Read("[True,false]", OnnxElementType.Bool)!.Values<bool>().ToArray());
    }

    [TestMethod]
    [DataRow("", OnnxElementType.Int64)]
    [DataRow("1,5", OnnxElementType.Float)]
    [DataRow("1.5", OnnxElementType.Int64)]
    [DataRow("-1", OnnxElementType.UInt32)]
    [DataRow("256", OnnxElementType.UInt8)]
    [DataRow("1e39", OnnxElementType.Float)]
    [DataRow("[1,2", OnnxElementType.Int64)]
    [DataRow("[1,2]]", OnnxElementType.Int64)]
    [DataRow("[[1,2],[3]]", OnnxElementType.Int64)]
    [DataRow("[1,[2]]", OnnxElementType.Int64)]
    [DataRow("[[1],2]", OnnxElementType.Int64)]
    [DataRow("[]", OnnxElementType.Int64)]
    [DataRow("1", OnnxElementType.Bool)]
    [DataRow("text", OnnxElementType.String)]
    public void Read_NotOfTheType_Null(string text, object type) =>
        Assert.IsNull(TensorText.Read(text, (OnnxElementType)type));
}
