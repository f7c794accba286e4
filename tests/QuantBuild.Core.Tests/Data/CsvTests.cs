using QuantBuild.Data;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class CsvTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    [DataRow("a,b\n1,2\n3,4.5\n", new[] { "x[1,2]:1,2", "x[1,2]:3,4.5" }, DisplayName = "all columns of the only input")]
    [DataRow("a,label,b\n1,7,2\n3,8,4\n", new[] { "x[1,2]:1,2 = 7", "x[1,2]:3,4 = 8" }, DisplayName = "but the labels")]
    [DataRow("x[1],labels,x[0]\n1,7,2\n", new[] { "x[1,2]:2,1 = 7" }, DisplayName = "numbered in brackets")]
    [DataRow("note,x_0,x_1\nhi,1,2\n", new[] { "x[1,2]:1,2" }, DisplayName = "numbered with a line below")]
    [DataRow("x,note\n\"[1, 2]\",\"a,b\"\n", new[] { "x[1,2]:1,2" }, DisplayName = "JSON")]
    [DataRow("x,note\n1 5e-1,\n", new[] { "x[1,2]:1,0.5" }, DisplayName = "spaces")]
    [DataRow("\uFEFFx\r\n\"1  2\"\r\n", new[] { "x[1,2]:1,2" }, DisplayName = "byte order mark and line ends of Windows")]
    public void Read_OneInput_InEveryForm(string text, string[] expected)
    {
        set.Write("data.csv", text);

        CollectionAssert.AreEqual(expected, set.Read("data.csv"));
    }

    [TestMethod]
    public void Read_ScalarInputs_AreColumnsOfTheirNames()
    {
        set.Model = new ModelBuilder().Input("age", "n", OnnxElementType.Int64).Input("price", "n,1");
        set.Write("data.csv", "price,age,unused\n1.5,30,x\n2.5,40,y\n");

        CollectionAssert.AreEqual(new[] { "age[2]:30,40 price[2,1]:1.5,2.5" }, set.Read("data.csv", batch: 2));
    }

    [TestMethod]
    public void Read_RowOfPixels_TakesTheShapeOfTheInput()
    {
        set.Model = new ModelBuilder().Input("image", "n,1,2,2");
        set.Write("data.csv", "label,p0,p1,p2,p3\n5,1,2,3,4\n");

        CollectionAssert.AreEqual(new[] { "image[1,1,2,2]:1,2,3,4 = 5" }, set.Read("data.csv"));
    }

    [TestMethod]
    public void Read_CellsOfDifferentLengths_OneByOne()
    {
        set.Model = new ModelBuilder().Input("ids", "n,length", OnnxElementType.Int64);
        set.Write("data.csv", "ids,labels\n1 2 3,0\n[4],1\n");

        CollectionAssert.AreEqual(new[] { "ids[1,3]:1,2,3 = 0", "ids[1,1]:4 = 1" }, set.Read("data.csv", batch: 9));
    }

    [TestMethod]
    public void Read_LabelsThatAreNames_TakeTheirNumbers()
    {
        set.Request = new SampleSetRequest { Classes = new ClassNames(["setosa", "virginica"], "classes.txt"), LabelName = "species" };
        set.Write("data.csv", "a,b,species\n1,2,virginica\n");

        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2 = 1" }, set.Read("data.csv"));
    }

    [TestMethod]
    public void Read_UnderACultureOfCommas_TheSame()
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            set.Write("data.csv", "a,b\n1.5,2000\n");

            CollectionAssert.AreEqual(new[] { "x[1,2]:1.5,2000" }, set.Read("data.csv"));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    [DataRow("a,b\n1,\n", "QB4014: In 'data.csv' 'x' in line 2 does not fit: the cell of 'b' is empty.")]
    [DataRow("a,b\n1,2\n1,NaN\n", "QB4014: In 'data.csv' 'x' in line 3 does not fit: 'NaN' is not a value of the type float32.")]
    [DataRow("a,b\n1,1e99\n", "QB4014: In 'data.csv' 'x' in line 2 does not fit: '1e99' is not a value of the type float32.")]
    [DataRow("a,b\n\"1,5\",2\n", "QB4014: In 'data.csv' 'x' in line 2 does not fit: '1,5' is not a value of the type float32.")]
    [DataRow("x\n\"[1,2\"\n", "QB4014: In 'data.csv' 'x' in line 2 does not fit: '[1,2' is not a JSON array.")]
    [DataRow("a,b\n1,2,3\n", "QB4001: The data file 'data.csv' cannot be read: line 2 has 3 cells, but the header has 2")]
    [DataRow("a,b\n1,\"2\n", "QB4001: The data file 'data.csv' cannot be read: line 2 has a quote that is not closed or stands in the middle of a cell, or more than 67108864 bytes")]
    [DataRow("a,a\n1,2\n", "QB4001: The data file 'data.csv' cannot be read: its header names the column 'a' twice")]
    [DataRow("", "QB4001: The data file 'data.csv' cannot be read: it is empty; the first line must name the columns")]
    [DataRow("a,b,c\n1,2,3\n", "QB4003: The array 'x' in 'data.csv' has the shape [1,3], but the model's input is float32 [n,2]. The first axis of the array counts samples.")]
    public void Read_TableThatIsWrong_IsRefused(string text, string problem)
    {
        set.Write("data.csv", text);

        Assert.AreEqual(problem, set.Problem("data.csv"));
    }

    [TestMethod]
    public void Read_NotUtf8_QB4001()
    {
        set.Write("data.csv", [.. "x,note\n1 2,"u8, 0xE4, (byte)'\n']);
        Assert.AreEqual("x[1,2]:1,2", set.Read("data.csv")[0], "A column that nobody reads may hold anything.");

        set.Write("data.csv", [.. "x,n"u8, 0xE4, .. "\n1 2,3\n"u8]);
        Assert.AreEqual("QB4001: The data file 'data.csv' cannot be read: line 1 is not text in UTF-8", set.Problem("data.csv"));
    }
}
