using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class RawTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_OneFile_TakesTypeAndShapeOfTheInput()
    {
        set.Write("data.bin", Floats(1, 2, 3, 4));

        CollectionAssert.AreEqual(new[] { "x[2,2]:1,2,3,4" }, set.Read("data.bin", batch: 2));
    }

    [TestMethod]
    public void Read_FreeAxes_TakeDataShape()
    {
        set.Model = new ModelBuilder().Input("image", "n,h,w");
        set.Request = new SampleSetRequest { Shapes = Shapes("image", 1, 2) };
        set.Write("data.raw", Floats(1, 2, 3, 4));

        CollectionAssert.AreEqual(new[] { "image[2,1,2]:1,2,3,4" }, set.Read("data.raw", batch: 2));
    }

    [TestMethod]
    public void Read_FolderOfSamples_FindsTheFreeAxis()
    {
        set.Model = new ModelBuilder().Input("x", "n,length,2");
        set.Write("set/a.bin", Floats(1, 2)).Write("set/b.bin", Floats(3, 4, 5, 6));

        CollectionAssert.AreEqual(new[] { "x[1,1,2]:1,2", "x[1,2,2]:3,4,5,6" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_FileForEveryInput_IsMatchedByName()
    {
        set.Model = new ModelBuilder().Input("a", "n,1").Input("b", "n,1", OnnxElementType.UInt8);
        set.Write("set/a.bin", Floats(1, 2)).Write("set/b.bin", [3, 4]).Write("set/other.bin", [0]);

        CollectionAssert.AreEqual(new[] { "a[2,1]:1,2 b[2,1]:3,4" }, set.Read("set", batch: 2));
    }

    [TestMethod]
    public void Read_ShapeThatIsNotKnownOrDoesNotFit_QB4017()
    {
        set.Model = new ModelBuilder().Input("image", "n,3,h,w");
        set.Write("data.bin", Floats(1, 2, 3));
        Assert.AreEqual(
            "QB4017: The shape of the samples of 'data.bin' for the input 'image' (float32 [n,3,h,w]) is not known; set DataShape to image=[3,h,w] with numbers for the free axes.",
            set.Problem("data.bin"));

        set.Request = new SampleSetRequest { Shapes = Shapes("image", 1, 1, 1) };
        Assert.AreEqual(
            "QB4017: The shape of the samples of 'data.bin' for the input 'image' (float32 [n,3,h,w]) does not fit: DataShape says [1,1,1].", set.Problem("data.bin"));

        set.Request = new SampleSetRequest { Shapes = Shapes("images", 3, 1, 1) };
        Assert.AreEqual(
            "QB4017: The shape of the samples of 'data.bin' for the input 'images' (DataShape names it) is of no use: the model has no such input; did you mean 'image'?.",
            set.Problem("data.bin"));
    }

    [TestMethod]
    public void Read_SizeThatIsWrong_QB4001()
    {
        set.Write("data.bin", new byte[13]).Write("set/a.bin", new byte[9]);
        Assert.AreEqual(
            "QB4001: The data file 'data.bin' cannot be read: it has 13 bytes, which is no whole number of samples of 8 bytes (float32 [2])", set.Problem("data.bin"));
        Assert.AreEqual("QB4001: The data file 'set/a.bin' cannot be read: it has 9 bytes, but a sample of float32 [2] has 8", set.Problem("set"));

        set.Model = new ModelBuilder().Input("x", "n,h,w");
        set.Request = new SampleSetRequest { Shapes = Shapes("x", 2_000_000_000, 2_000_000_000) };
        Assert.AreEqual(
            "QB4001: The data file 'data.bin' cannot be read: a sample of shape [2000000000,2000000000] is larger than 2147483591 bytes", set.Problem("data.bin"));
    }

    [TestMethod]
    public void Read_OneFileForSeveralInputs_QB4001()
    {
        set.Model = new ModelBuilder().Input("a", "n,1").Input("b", "n,1");
        set.Write("data.bin", new byte[8]);

        Assert.AreEqual(
            "QB4001: The data file 'data.bin' cannot be read: it is a file of bare numbers, which a model with one input takes; give a folder with a file per input",
            set.Problem("data.bin"));
    }

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static Dictionary<string, IReadOnlyList<long>> Shapes(string name, params long[] shape) => new() { [name] = shape };
}
