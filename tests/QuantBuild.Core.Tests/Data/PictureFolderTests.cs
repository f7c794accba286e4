using QuantBuild.Core.Tests.Imaging;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

/// <summary>Folders of pictures, and arrays of pictures in bytes.</summary>
[TestClass]
public sealed class PictureFolderTests
{
    private static readonly PixelPlan grey = PixelPlans.Bytes(1) with { IsChannelsLast = false };

    private readonly SetFolder set = new() { Model = new ModelBuilder().Input("x", "n,1,2,2"), Request = new() { Pixels = grey with { Width = 2, Height = 2 } } };

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_SubFolders_AreClassesAndFilesSamples()
    {
        set.Write("set/shoe/b.pgm", "P5 2 2 255\nABCD").Write("set/bag/deep/a.PGM", "P5 2 2 255\n1234").Write("set/readme.txt", "text");

        CollectionAssert.AreEqual(new[] { "x[1,1,2,2]:49,50,51,52 = 0", "x[1,1,2,2]:65,66,67,68 = 1" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_LabelsInAFile_BelongToTheFiles()
    {
        set.Write("set/a.pgm", "P5 2 2 255\nABCD").Write("set/b.bmp", Asset.Read("bmp/rgb24.bmp")).Write("set/labels.csv", "file,label\nb.bmp,7\na.pgm,3\n");
        set.Request = set.Request with { Pixels = grey with { Resize = [2, 2], Width = 2, Height = 2 } };

        string[] read = set.Read("set");

        Assert.AreEqual("x[1,1,2,2]:65,66,67,68 = 3", read[0]);
        StringAssert.EndsWith(read[1], " = 7");
    }

    [TestMethod]
    public void Read_EveryFormat_IsTheSamePipeline()
    {
        string[] names = ["jpeg/420.jpg", "jpeg/grey-progressive.jpg", "png/palette4.png", "bmp/rgb24.bmp", "resize/source.pnm"];
        PixelPlan plan = grey with { Resize = [5, 4], Width = 5, Height = 4, FilterRadius = 2, Divisor = 255, Mean = [0.5f], Std = [0.25f] };
        set.Model = new ModelBuilder().Input("x", "n,1,4,5");
        set.Request = set.Request with { Pixels = plan };
        for (int i = 0; i < names.Length; i++)
            set.Write($"set/{i}{Path.GetExtension(names[i])}", Asset.Read(names[i]));

        string[] read = set.Read("set");

        for (int i = 0; i < names.Length; i++)
        {
            IEnumerable<string> values = PixelPlans.Apply(plan, Asset.Decode(names[i])).Values
                .Select(value => ((double)value).ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.AreEqual($"x[1,1,4,5]:{string.Join(',', values)}", read[i], names[i]);
        }
    }

    [TestMethod]
    public void Read_ModelOfAnySize_GivesEveryPictureItsOwnShape()
    {
        set.Model = new ModelBuilder().Input("x", "n,1,h,w");
        set.Request = set.Request with { Pixels = grey };
        set.Write("set/a.pgm", "P5 2 1 255\nAB").Write("set/b.pgm", "P5 1 3 255\nCDE");

        CollectionAssert.AreEqual(new[] { "x[1,1,1,2]:65,66", "x[1,1,3,1]:67,68,69" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_DamagedPicture_QB4001NamesTheFile()
    {
        set.Write("set/a.pgm", "P5 2 2 255\nABCD").Write("set/b.jpg", Asset.Read("jpeg/420.jpg")[..300]);

        string problem = set.Problem("set");

        StringAssert.StartsWith(problem, "QB4001: The data file 'set/b.jpg' cannot be read: ");
        StringAssert.Contains(problem, "truncated");
    }

    [TestMethod]
    public void Read_PictureOfAnotherSize_QB4022NamesItAndBothSizes()
    {
        set.Write("set/a.pgm", "P5 2 2 255\nABCD").Write("set/b.pgm", "P5 1 2 255\nAB");

        Assert.AreEqual(
            "QB4022: The picture 'b.pgm' of 'set' cannot become the model's input: The model takes pictures of 2 × 2 pixels, but this one has 1 × 2. "
            + "Give one of that size, or set Resize or CenterCrop where the model is built.",
            set.Problem("set"));
    }

    [TestMethod]
    public void Open_PicturesAndArrays_QB4018()
    {
        set.Write("set/a.pgm", "P5 2 2 255\nABCD").WriteNpy("set/b.npy", [1, 2, 2], 1, 2, 3, 4);

        StringAssert.Contains(set.Problem("set"), "QB4018");
    }

    [TestMethod]
    [DataRow(new long[] { 1, 2, 2 }, "4,3,2,1")]
    [DataRow(new long[] { 1, 2, 2, 1 }, "4,3,2,1")]
    [DataRow(new long[] { 1, 1, 2, 2 }, "4,3,2,1")]
    public void Read_ArrayOfBytes_GoesThroughThePipeline(long[] shape, string expected)
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of<byte>("images", OnnxElementType.UInt8, shape, new byte[] { 4, 3, 2, 1 }), NamedArray.Of("labels", [1], [5L]));

        CollectionAssert.AreEqual(new[] { $"images[1,1,2,2]:{expected} = 5" }, ReadNamed("images"));
    }

    [TestMethod]
    public void Read_ArraysOfColours_ChannelsFirstAndLastAreTheSame()
    {
        set.Request = set.Request with { Pixels = PixelPlans.Bytes(3) with { IsChannelsLast = false, Resize = [2, 1] } };
        NpzWriter.Write(set.PathOf("last.npz"), NamedArray.Of<byte>("x", OnnxElementType.UInt8, [1, 1, 2, 3], new byte[] { 1, 2, 3, 4, 5, 6 }));
        NpzWriter.Write(set.PathOf("first.npz"), NamedArray.Of<byte>("x", OnnxElementType.UInt8, [1, 3, 1, 2], new byte[] { 1, 4, 2, 5, 3, 6 }));
        set.Model = new ModelBuilder().Input("x", "n,3,1,2");

        CollectionAssert.AreEqual(new[] { "x[1,3,1,2]:1,4,2,5,3,6" }, set.Read("last.npz"));
        CollectionAssert.AreEqual(set.Read("last.npz"), set.Read("first.npz"));
    }

    [TestMethod]
    public void Read_ArrayOfPicturesOfAnotherSize_QB4022()
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of<byte>("x", OnnxElementType.UInt8, [1, 3, 5], new byte[15]));

        StringAssert.StartsWith(set.Problem("data.npz"), "QB4022: The picture size in the array 'x' of 'data.npz' cannot become the model's input: ");
    }

    private string[] ReadNamed(string input)
    {
        set.Model = new ModelBuilder().Input(input, "n,1,2,2");
        return set.Read("data.npz");
    }
}
