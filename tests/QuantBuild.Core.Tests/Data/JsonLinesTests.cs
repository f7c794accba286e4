using QuantBuild.Data;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class JsonLinesTests
{
    private readonly SetFolder set = new() { Model = new ModelBuilder().Input("ids", "n,length", OnnxElementType.Int64) };

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_LinesOfDifferentLengths_OneByOne()
    {
        set.Write("data.jsonl", "\uFEFF{\"ids\":[101,7,102],\"labels\":1}\r\n{\"labels\":0,\"ids\":[101]}\n\n");

        CollectionAssert.AreEqual(new[] { "ids[1,3]:101,7,102 = 1", "ids[1,1]:101 = 0" }, set.Read("data.jsonl", batch: 8));
    }

    [TestMethod]
    public void Read_LinesOfOneLength_InBatches()
    {
        set.Write("data.jsonl", "{\"ids\":[1,2]}\n{\"ids\":[3,4]}\n{\"ids\":[5,6]}");

        CollectionAssert.AreEqual(new[] { "ids[2,2]:1,2,3,4", "ids[1,2]:5,6" }, set.Read("data.jsonl", batch: 2));
    }

    [TestMethod]
    public void Read_NumbersOfTheInputsType_AreConverted()
    {
        set.Model = new ModelBuilder().Input("a", "n,2").Input("b", "n", OnnxElementType.UInt8).Input("c", "n,2", OnnxElementType.Bool).Input("d", "n", OnnxElementType.Int32);
        set.Write("data.jsonl", """{"a":[0.5,-3],"b":255,"c":[true,0],"d":2.0}""");

        CollectionAssert.AreEqual(new[] { "a[1,2]:0.5,-3 b[1]:255 c[1,2]:1,0 d[1]:2" }, set.Read("data.jsonl"));
    }

    [TestMethod]
    public void Read_NestedBrackets_AreAxes()
    {
        set.Model = new ModelBuilder().Input("x", "n,2,3");
        set.Write("data.jsonl", """{"x":[[1,2,3],[4,5,6]]}""");

        CollectionAssert.AreEqual(new[] { "x[1,2,3]:1,2,3,4,5,6" }, set.Read("data.jsonl"));
    }

    [TestMethod]
    public void Read_LabelsThatAreNames_TakeTheirNumbers()
    {
        set.Write("data.jsonl", "{\"ids\":[1],\"labels\":\"bad\"}\n{\"ids\":[2],\"labels\":\"good\"}\n");
        Assert.AreEqual(
            "QB4010: The labels in 'data.jsonl' do not fit the model: they are names; set Labels to a file that names the classes in the order of their numbers",
            set.Problem("data.jsonl"));

        set.Request = new SampleSetRequest { Classes = new ClassNames(["good", "bad"], "classes.txt") };
        CollectionAssert.AreEqual(new[] { "ids[2,1]:1,2 = 1,0" }, set.Read("data.jsonl", batch: 2));

        set.Request = new SampleSetRequest { Classes = new ClassNames(["goods", "bad"], "classes.txt") };
        Assert.AreEqual(
            "QB4015: 'good' (a sample of 'data.jsonl' up to sample 2) is not a class in 'classes.txt': did you mean 'goods'?", set.Problem("data.jsonl"));
    }

    [TestMethod]
    public void Read_Extras_OfAnyTypeAndShape()
    {
        set.Write("data.jsonl", """
            {"ids":[1],"boxes":[[1,2,3,4]],"slice":"day","words":["a","ü"]}
            {"ids":[2],"boxes":[[1,2,3,4.5],[5,6,7,8]],"slice":"night","words":[],"sometimes":1}
            """);

        SampleBatch batch = new SampleStream(set.Bind("data.jsonl").WithExtras("boxes", "slice", "words"), SampleSelection.All, 2).Read().Single();

        Assert.AreEqual("1 2", string.Join(' ', batch.Extras["boxes"].Select(value => value.Shape[0])));
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4.5, 5, 6, 7, 8 }, batch.Extras["boxes"][1].ToDoubles());
        Assert.AreEqual("day night", string.Join(' ', batch.Extras["slice"].Select(value => value.ToStrings()![0])));
        CollectionAssert.AreEqual(new[] { "a", "ü" }, batch.Extras["words"][0].ToStrings()!.ToArray());
        Assert.IsEmpty(batch.Extras["words"][1].ToStrings()!);
        Assert.IsNull(set.Open("data.jsonl").Arrays.FirstOrDefault(array => array.Name == "sometimes"));
    }

    [TestMethod]
    [DataRow("{\"ids\":[1,2.5]}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: '2.5' is not a value of the type int64.")]
    [DataRow("{\"ids\":[1]}\n{\"ids\":[99999999999999999999]}", "QB4014: In 'data.jsonl' 'ids' in line 2 does not fit: '99999999999999999999' is not a value of the type int64.")]
    [DataRow("{\"ids\":[1,\"2\"]}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: '2' is not a value of the type int64.")]
    [DataRow("{\"ids\":[[1],2]}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: its brackets are nested to different depths.")]
    [DataRow("{\"ids\":[[1,2],[3]]}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: its brackets hold 2 values here and 1 there.")]
    [DataRow("{\"ids\":[[1,2],[]]}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: its brackets hold 2 values here and 0 there.")]
    [DataRow("{\"ids\":[1]}\n{\"ids\":[[1]]}", "QB4014: In 'data.jsonl' 'ids' in line 2 does not fit: its shape is [1,1], but that of the first sample has 1 axes.")]
    [DataRow("{\"ids\":[1]}\n{\"id\":[1]}", "QB4014: In 'data.jsonl' 'ids' in line 2 does not fit: it has no value.")]
    [DataRow("{\"ids\":null}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: it holds null.")]
    [DataRow("{\"ids\":{\"a\":1}}", "QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: it holds an object; only arrays, numbers and strings are data.")]
    [DataRow("{\"ids\":[1]}\n\n{\"ids\":[1]}", "QB4001: The data file 'data.jsonl' cannot be read: line 2 is empty")]
    [DataRow("{\"ids\":[1,]}", "QB4001: The data file 'data.jsonl' cannot be read: line 1 is not a JSON object: error at byte 10")]
    [DataRow("[1,2]", "QB4001: The data file 'data.jsonl' cannot be read: line 1 is not a JSON object")]
    [DataRow("{\"ids\":[1]} {}", "QB4001: The data file 'data.jsonl' cannot be read: line 1 is not a JSON object: error at byte 12")]
    [DataRow("{\"ids\":[NaN]}", "QB4001: The data file 'data.jsonl' cannot be read: line 1 is not a JSON object: error at byte 8")]
    [DataRow("{\"ids\":[1],\"ids\":[1]}", "QB4001: The data file 'data.jsonl' cannot be read: line 1 has the key 'ids' twice")]
    public void Read_TextThatIsWrong_IsRefused(string text, string problem)
    {
        set.Write("data.jsonl", text);

        Assert.AreEqual(problem, set.Problem("data.jsonl"));
    }

    [TestMethod]
    public void Read_DeepOrHuge_IsRefused()
    {
        set.Write("data.jsonl", $"{{\"ids\":{new string('[', 100_000)}");
        StringAssert.StartsWith(set.Problem("data.jsonl"), "QB4001: The data file 'data.jsonl' cannot be read: line 1 is not a JSON object: error at byte");

        set.Write("data.jsonl", $"{{\"ids\":{new string('[', 20)}{new string(']', 20)}}}");
        Assert.AreEqual("QB4014: In 'data.jsonl' 'ids' in line 1 does not fit: its brackets are nested more than 16 deep.", set.Problem("data.jsonl"));

        using (FileStream file = File.Create(set.PathOf("data.jsonl")))
            file.SetLength(LineReader.LongestLine * 3L);
        Assert.AreEqual($"QB4001: The data file 'data.jsonl' cannot be read: line 1 has more than {LineReader.LongestLine} bytes", set.Problem("data.jsonl"));
    }

    [TestMethod]
    public void Read_NoLines_QB4002() => Assert.AreEqual("QB4002", set.Write("data.jsonl", "").Problem("data.jsonl")[..6]);

    [TestMethod]
    public void Read_ManyLines_HoldsOneBatch()
    {
        foreach (int count in new[] { 200, 2_000 })
            set.Write($"{count}.jsonl", string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"ids\":[{string.Join(',', Enumerable.Repeat(i, 500 + (i % 2)))}]}}\n")));

        BoundedMemory.AssertPeakDoesNotGrow(200, 2_000, (count, probe) =>
        {
            foreach (SampleBatch _ in new SampleStream(set.Bind($"{count}.jsonl"), SampleSelection.All, 8).Read())
                probe();
        });
    }
}
