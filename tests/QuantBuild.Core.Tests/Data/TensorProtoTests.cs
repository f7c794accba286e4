using System.Text;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class TensorProtoTests
{
    private readonly SetFolder set = new() { Model = new ModelBuilder().Input("a", "n,1").Input("b", "n,1") };

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_NamesInTheFiles_GoBeforeTheirNumbers()
    {
        set.Write("set/test_data_set_0/input_0.pb", Proto("b", 2)).Write("set/test_data_set_0/input_1.pb", Proto("a", 1)).Write("set/test_data_set_0/output_0.pb", Proto("y", 9));
        set.Write("set/test_data_set_1/input_0.pb", Proto("", 3)).Write("set/test_data_set_1/input_1.pb", Proto("", 4));

        CollectionAssert.AreEqual(new[] { "a[1,1]:1 b[1,1]:2", "a[1,1]:3 b[1,1]:4" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_SetThatIsIncomplete_QB4018()
    {
        set.Write("set/0/input_0.pb", Proto("", 1)).Write("set/0/input_1.pb", Proto("", 1)).Write("set/1/input_0.pb", Proto("", 1));
        Assert.AreEqual("QB4018: The folder 'set' cannot be used as data: '1' has no file for the input 'b'.", set.Problem("set"));

        set.Write("set/1/input_1.pb", Proto("a", 1));
        Assert.AreEqual("QB4018: The folder 'set' cannot be used as data: '1/input_0.pb' and '1/input_1.pb' are both for the input 'a'.", set.Problem("set"));

        set.Write("other/model.pb", Proto("", 1));
        Assert.AreEqual("QB4018: The folder 'other' cannot be used as data: it has no file input_0.pb, in it or in its sub-folders.", set.Problem("other"));
    }

    [TestMethod]
    public void Read_FileThatIsWrong_QB4001()
    {
        Refused([0xFF, 0xFF, 0xFF], "it is not a TensorProto of ONNX");
        Refused([], "it is not a TensorProto of ONNX: it has no type");
        Refused([0x08, 1, 0x08, 1, 0x10, 1, 0x4A, 8, 0, 0, 0, 0, 0, 0, 0, 0], "The tensor '' is not valid: its shape [1,1] of float32 needs 4 bytes, but 8 are stored");
        Refused([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0x10, 1], "The tensor '' is not valid: its shape [-1] is not possible");
        Refused([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x08, 4, 0x10, 1], "The tensor '' is not valid: its shape [72057594037927935,4] is not possible", starts: true);
        Refused([0x08, 1, 0x10, 8, 0x32, 1, 0x61], "it holds string or data in another file, which cannot be read");
        Refused([0x08, 1, 0x10, 1, 0x6A, 0, 0x70, 1], "it holds float32 or data in another file, which cannot be read");

        void Refused(byte[] proto, string why, bool starts = false)
        {
            set.Write("set/0/input_0.pb", proto).Write("set/0/input_1.pb", Proto("", 1));
            if (starts)
                StringAssert.StartsWith(set.Problem("set"), "QB4001: The data file 'set/0/input_0.pb' cannot be read: The tensor '' is not valid: its shape [");
            else
                Assert.AreEqual($"QB4001: The data file 'set/0/input_0.pb' cannot be read: {why}", set.Problem("set"));
        }
    }

    /// <summary>A float32 tensor of shape [1,1].</summary>
    private static byte[] Proto(string name, float value) =>
        [0x08, 1, 0x08, 1, 0x10, (byte)OnnxElementType.Float, 0x42, (byte)name.Length, .. Encoding.UTF8.GetBytes(name), 0x4A, 4, .. BitConverter.GetBytes(value)];
}
