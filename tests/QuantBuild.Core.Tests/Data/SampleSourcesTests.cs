using QuantBuild.Data;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class SampleSourcesTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    [DataRow("data.parquet", "PAR1", "it is a '.parquet' file")]
    [DataRow("data", "text", "it is a file without extension")]
    [DataRow("data.txt", "version https://git-lfs.github.com/spec/v1", "it is a Git LFS pointer; run 'git lfs pull'")]
    [DataRow("data.txt", "", "it is empty")]
    [DataRow("data.txt", "<!DOCTYPE html>", "it is a web page, not the file that was to be downloaded")]
    public void Open_FileOfNoFormat_QB4013SaysWhatItIsAndWhatIsAllowed(string name, string content, string found)
    {
        set.Write(name, content);

        Assert.AreEqual(
            $"QB4013: '{name}' is not data that QuantBuild reads: {found}. Allowed are: {string.Join("; ", SampleSources.Descriptions)}.", set.Problem(name));
    }

    [TestMethod]
    public void Open_FolderOfNoFormat_QB4013NamesTheExtensions()
    {
        set.Write("set/a.txt", "a").Write("set/sub/b.md", "b").Write("set/.hidden.npy", "c");

        StringAssert.Contains(set.Problem("set"), "QB4013: 'set' is not data that QuantBuild reads: it is a folder of 2 files (.md, .txt).");
    }

    [TestMethod]
    public void Open_EmptyFolder_QB4013()
    {
        Directory.CreateDirectory(set.PathOf("set"));

        StringAssert.Contains(set.Problem("set"), "it is an empty folder");
    }

    [TestMethod]
    public void Open_MissingFile_QB4001() => StringAssert.StartsWith(set.Problem("absent.npz"), "QB4001: The data file 'absent.npz' cannot be read: ");

    [TestMethod]
    public void Open_NpzUnderAnotherName_IsKnownByItsContent()
    {
        NpzWriter.Write(set.PathOf("data.bak"), NamedArray.Of("x", [1, 2], [1f, 2f]));

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2" }, set.Read("data.bak"));
    }

    [TestMethod]
    public void Bind_OnlyArrayWithoutName_IsThatOfTheOnlyInput()
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of("arr_0", [1, 2], [1f, 2f]), NamedArray.Of("labels", [1], [3L]));

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2 = 3" }, set.Read("data.npz"));
    }

    [TestMethod]
    public void Bind_ArrayOfASimilarName_QB4002AsksForIt()
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of("input_id", [1, 2], [1f, 2f]));
        set.Model = new ModelBuilder().Input("input_ids", "n,2");

        Assert.AreEqual(
            "QB4002: The data file 'data.npz' has no array named 'input_ids', which is an input of the model (float32 [n,2]). It has: 'input_id'. Is 'input_id' meant?",
            set.Problem("data.npz"));
    }

    [TestMethod]
    public void Bind_LabelsOfAnotherName_AreTaken()
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of("x", [1, 2], [1f, 2f]), NamedArray.Of<byte>("class", OnnxElementType.UInt8, [1], [200]));
        set.Request = new SampleSetRequest { LabelName = "class" };

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2 = 200" }, set.Read("data.npz"));
    }

    [TestMethod]
    public void WithExtras_ArraysThatAreNoInput_ComeWithTheirBatch()
    {
        NpzWriter.Write(set.PathOf("data.npz"), NamedArray.Of("x", [3, 2], new float[6]), NamedArray.Of("boxes", [3, 1, 2], [1f, 2, 3, 4, 5, 6]));

        var stream = new SampleStream(set.Bind("data.npz").WithExtras("boxes"), SampleSelection.All, 2);

        Assert.AreEqual("1,2|3,4 ; 5,6", string.Join(" ; ", stream.Read().Select(
            batch => string.Join('|', batch.Extras["boxes"].Select(value => string.Join(',', value.ToDoubles()!))))));
        CollectionAssert.AreEqual(new long[] { 1, 2 }, stream.Read().First().Extras["boxes"][0].Shape.ToArray());
    }
}
