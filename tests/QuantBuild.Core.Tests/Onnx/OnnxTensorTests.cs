using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class OnnxTensorTests
{
    [TestMethod]
    public void FromProto_TypedFields_ValuesOfEachType()
    {
        CollectionAssert.AreEqual(new float[] { 1, 2 },
            Read(OnnxElementType.Float, proto => proto.FloatData.AddRange([1, 2])).Floats.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 2 },
            Read(OnnxElementType.Double, proto => proto.DoubleData.AddRange([1, 2])).Values<double>().ToArray());
        CollectionAssert.AreEqual(new long[] { -1, 2 }, Read(OnnxElementType.Int64, proto => proto.Int64Data.AddRange([-1, 2]))
            .ToInt64Array());
        CollectionAssert.AreEqual(new long[] { -1, 2 }, Read(OnnxElementType.Int32, proto => proto.Int32Data.AddRange([-1, 2]))
            .ToInt64Array());
        CollectionAssert.AreEqual(new uint[] { uint.MaxValue, 2 },
            Read(OnnxElementType.UInt32, proto => proto.Uint64Data.AddRange([uint.MaxValue, 2])).Values<uint>().ToArray());
        CollectionAssert.AreEqual(new sbyte[] { -1, 2 },
            Read(OnnxElementType.Int8, proto => proto.Int32Data.AddRange([-1, 2])).Values<sbyte>().ToArray());
        CollectionAssert.AreEqual(
            new[] { (Half)1.5f, (Half)(-2f) },
            Read(OnnxElementType.Float16, proto => proto.Int32Data.AddRange([0x3e00, 0xc000])).Values<Half>().ToArray());
    }

    [TestMethod]
    public void FromProto_TooFewValues_QB2004() =>
        Assert.AreEqual(
            "QB2004", Assert.ThrowsExactly<QuantBuildException>(
                () => Read(OnnxElementType.Float, proto => proto.FloatData.Add(1))).Diagnostic.Code);

    [TestMethod]
    [DataRow(-1L, 2L)]
    [DataRow(long.MaxValue, 2L)]
    public void FromProto_ImpossibleShape_QB2004(long first, long second)
    {
        var proto = new TensorProto { Name = "w", DataType = (int)OnnxElementType.Float };
        proto.Dims.AddRange([first, second]);

        Assert.AreEqual("QB2004", Assert.ThrowsExactly<QuantBuildException>(() => OnnxTensor.FromProto(proto)).Diagnostic.Code);
    }

    [TestMethod]
    public void FromProto_Strings_Null()
    {
        var proto = new TensorProto { DataType = (int)OnnxElementType.String };

        Assert.IsNull(OnnxTensor.FromProto(proto));
    }

    [TestMethod]
    public void Create_ShapeDisagrees_Refuses()
    {
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Float([3], [1, 2]));
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Float([2], [1, 2]).Reshape(3));
    }

    private static OnnxTensor Read(OnnxElementType type, Action<TensorProto> fill)
    {
        var proto = new TensorProto { Name = "w", DataType = (int)type };
        proto.Dims.Add(2);
        fill(proto);
        return OnnxTensor.FromProto(proto)!;
    }
}
