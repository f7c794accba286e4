using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class WeightFileTests
{
    private const int Large = (int)TensorFiles.SmallestTensorBytes;

    [TestMethod]
    public void Append_LargeTensors_LieInTheFileAtPages()
    {
        using var folder = new TemporaryFolder();
        using var file = new WeightFile(folder.File("w"));

        OnnxTensor[] tensors = [file.Append(Codes(Large, 1)), file.Append(Codes(Large + 1, 2)), file.Append(Codes(Large, 3))];

        CollectionAssert.AreEqual(new[] { 0L, Large, 2L * Large + 4096 }, tensors.Select(tensor => tensor.Region!.Offset).ToArray());
        CollectionAssert.AreEqual(new sbyte[] { 1, 2, 3 }, tensors.Select(tensor => tensor.Values<sbyte>()[Large - 1]).ToArray());
    }

    [TestMethod]
    public void Append_SmallTensor_StaysInMemory()
    {
        using var folder = new TemporaryFolder();
        using var file = new WeightFile(folder.File("w"));
        OnnxTensor small = Codes(Large - 1, 1);

        Assert.AreSame(small, file.Append(small));
        Assert.AreEqual(0L, new FileInfo(folder.File("w")).Length);
    }

    [TestMethod]
    public void Append_TensorThatLiesThereAlready_IsNotWrittenTwice()
    {
        using var folder = new TemporaryFolder();
        using var file = new WeightFile(folder.File("w"));
        OnnxTensor stored = file.Append(Codes(Large, 1));

        Assert.AreSame(stored, file.Append(stored));
        Assert.AreEqual(Large, new FileInfo(folder.File("w")).Length);
    }

    [TestMethod]
    public void Dispose_FileThatWasNotMoved_IsGone()
    {
        using var folder = new TemporaryFolder();
        using (var file = new WeightFile(folder.File("w")))
            file.Append(Codes(Large, 1));
        using (var file = new WeightFile(folder.File("v")))
        {
            file.Append(Codes(Large, 1));
            file.MoveTo(folder.File("moved"));
        }

        CollectionAssert.AreEqual(new[] { "moved" }, Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
    }

    private static OnnxTensor Codes(int count, byte value)
    {
        var codes = new byte[count];
        Array.Fill(codes, value);
        return OnnxTensor.Wrap(OnnxElementType.Int8, [count], codes);
    }
}
