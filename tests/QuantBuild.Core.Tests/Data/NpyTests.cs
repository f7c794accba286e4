using QuantBuild.Data;
using QuantBuild.Execution;

using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class NpyTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_OneFile_HoldsAllSamplesOfTheOnlyInput()
    {
        set.WriteNpy("data.npy", [3, 2], 1, 2, 3, 4, 5, 6);

        CollectionAssert.AreEqual(new[] { "x[2,2]:1,2,3,4", "x[1,2]:5,6" }, set.Read("data.npy", batch: 2));
    }

    [TestMethod]
    public void Read_FolderOfSamples_InTheOrderOfTheirNames()
    {
        set.WriteNpy("set/b.npy", [2], 3, 4).WriteNpy("set/a.npy", [2], 1, 2).Write("set/README.md", "not a sample");

        CollectionAssert.AreEqual(new[] { "x[2,2]:1,2,3,4" }, set.Read("set", batch: 2));
    }

    [TestMethod]
    public void Read_SamplesOfDifferentShapes_OneByOne()
    {
        set.WriteNpy("set/a.npy", [1, 2], 1, 2).WriteNpy("set/b.npy", [3, 2], 3, 4, 5, 6, 7, 8);
        set.Model = new ModelBuilder().Input("x", "n,length,2");

        CollectionAssert.AreEqual(new[] { "x[1,1,2]:1,2", "x[1,3,2]:3,4,5,6,7,8" }, set.Read("set", batch: 32));
        Assert.AreEqual("[2,?,2]", set.Bind("set").Inputs[0].Array.ShapeText);
    }

    [TestMethod]
    public void Read_SamplesWithTheirOwnBatchAxis_AreWholeInputs()
    {
        set.WriteNpy("set/a.npy", [1, 2], 1, 2).WriteNpy("set/b.npy", [1, 2], 3, 4);

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2", "x[1,2]:3,4" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_SampleThatTheModelCannotTake_QB4014NamesIt()
    {
        set.WriteNpy("set/a.npy", [2, 2], 1, 2, 3, 4).WriteNpy("set/b.npy", [1, 3], 1, 2, 3);
        set.Model = new ModelBuilder().Input("x", "n,length,2");

        Assert.AreEqual("QB4014: In 'set' 'b.npy' does not fit: its shape is [1,3], but the model's input 'x' is float32 [n,length,2].", set.Problem("set"));
    }

    [TestMethod]
    public void Read_SamplesOfDifferentShapesForAFixedBatch_QB4014()
    {
        set.WriteNpy("set/a.npy", [1, 2], 1, 2).WriteNpy("set/b.npy", [2, 2], 1, 2, 3, 4);
        set.Model = new ModelBuilder().Input("x", "4,length,2");

        Assert.AreEqual(
            "QB4014: In 'set' the array 'x' does not fit: its samples are of different shapes, but the model takes 4 of them at once; "
            + "export it with a free first axis.", set.Problem("set"));
    }

    [TestMethod]
    public void Read_OtherRankOrType_QB4014NamesTheFile()
    {
        set.WriteNpy("set/a.npy", [2], 1, 2).WriteNpy("set/b.npy", [1, 2], 1, 2);
        Assert.AreEqual("QB4014: In 'set' 'b.npy' does not fit: its shape is [1,2], but that of 'a.npy' has 1 axes.", set.Problem("set"));

        set.Write("set/b.npy", NpzWriter.Npy(NamedArray.Of("x", [2], [1L, 2L])));
        Assert.AreEqual("QB4014: In 'set' 'b.npy' does not fit: it holds int64, but 'a.npy' holds float32.", set.Problem("set"));
    }

    [TestMethod]
    public void Read_SeveralInputs_InAnyOfThreeArrangements()
    {
        set.Model = new ModelBuilder().Input("x", "n,1").Input("y", "n,1");
        string[] expected = ["x[1,1]:1 y[1,1]:3", "x[1,1]:2 y[1,1]:4"];

        set.WriteNpy("whole/x.npy", [2, 1], 1, 2).WriteNpy("whole/y.npy", [2, 1], 3, 4);
        set.WriteNpy("inputs/x/1.npy", [1], 1).WriteNpy("inputs/x/2.npy", [1], 2).WriteNpy("inputs/y/1.npy", [1], 3).WriteNpy("inputs/y/2.npy", [1], 4);
        set.WriteNpy("samples/1/x.npy", [1], 1).WriteNpy("samples/1/y.npy", [1], 3).WriteNpy("samples/2/x.npy", [1], 2).WriteNpy("samples/2/y.npy", [1], 4);

        CollectionAssert.AreEqual(expected, set.Read("whole"));
        CollectionAssert.AreEqual(expected, set.Read("inputs"));
        CollectionAssert.AreEqual(expected, set.Read("samples"));
    }

    [TestMethod]
    public void Read_SeveralInputsAndAFileMissing_QB4018()
    {
        set.Model = new ModelBuilder().Input("x", "n,1").Input("y", "n,1");
        set.WriteNpy("inputs/x/1.npy", [1], 1).WriteNpy("inputs/x/2.npy", [1], 2).WriteNpy("inputs/y/1.npy", [1], 3);
        set.WriteNpy("samples/1/x.npy", [1], 1).WriteNpy("samples/1/y.npy", [1], 3).WriteNpy("samples/2/x.npy", [1], 2);
        set.WriteNpy("flat/1.npy", [1], 1).WriteNpy("flat/2.npy", [1], 1);

        Assert.AreEqual("QB4018: The folder 'inputs' cannot be used as data: the sample 'x/2.npy' has no file 'y/2.npy'.", set.Problem("inputs"));
        Assert.AreEqual("QB4018: The folder 'samples' cannot be used as data: the sample '2' has no file 'y.npy'.", set.Problem("samples"));
        StringAssert.StartsWith(set.Problem("flat"), "QB4018: The folder 'flat' cannot be used as data: the model has the inputs 'x' and 'y': give each a file");
    }

    [TestMethod]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 7, "its header says 136 bytes (shape [2], float32), but the file holds 135")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", 8, "its shape has a negative axis")]
    [DataRow("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999)}", 8, "a sample of shape [99999999999,99999999999] is larger than 2147483591 bytes")]
    [DataRow("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", 8, "it holds big-endian numbers; save it with array.astype('<f4')")]
    [DataRow("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}", 8, "it is in Fortran order; save numpy.ascontiguousarray(array)")]
    public void Open_BrokenSample_QB4001NamesTheFile(string header, int bytes, string reason)
    {
        set.Write("set/a.npy", NpzWriter.Npy(header, new byte[bytes]));

        Assert.AreEqual($"QB4001: The data file 'set/a.npy' cannot be read: {reason}", set.Problem("set"));
    }

    [TestMethod]
    public void Open_TextNamedNpy_QB4001()
    {
        set.Write("set/a.npy", "this is only text").Write("b.npy", "this is only text");

        Assert.AreEqual("QB4001: The data file 'set/a.npy' cannot be read: it is not a numpy array", set.Problem("set"));
        Assert.AreEqual("QB4001: The data file 'b.npy' cannot be read: it is not a numpy array", set.Problem("b.npy"));
    }

    [TestMethod]
    public void Read_ManySamples_HoldsOneAtATime()
    {
        foreach (int count in new[] { 20, 200 })
            for (int i = 0; i < count; i++)
                set.WriteNpy($"{count}/{i}.npy", [i % 2 == 0 ? 5_000 : 4_999, 2], new float[2 * (i % 2 == 0 ? 5_000 : 4_999)]);
        set.Model = new ModelBuilder().Input("x", "n,length,2");

        BoundedMemory.AssertPeakDoesNotGrow(20, 200, (count, probe) =>
        {
            foreach (SampleBatch _ in new SampleStream(set.Bind($"{count}"), SampleSelection.All, 8).Read())
                probe();
        });
    }
}
