using QuantBuild.Data;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class FolderLabelsTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    public void Read_ClassSubfolders_AreNumberedInTheOrderOfTheirNames()
    {
        Animals();

        CollectionAssert.AreEqual(new[] { "x[1,2]:3,4 = 0", "x[1,2]:1,2 = 1", "x[1,2]:5,6 = 1" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_ClassSubfoldersAndNames_AreThePositionsOfTheNames()
    {
        Animals();
        set.Request = new SampleSetRequest { Classes = new ClassNames(["dog", "fish", "cat"], "classes.txt") };

        CollectionAssert.AreEqual(new[] { "x[1,2]:3,4 = 2", "x[1,2]:1,2 = 0", "x[1,2]:5,6 = 0" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_SubfolderThatNamesNoClass_QB4015WithTheNearestName()
    {
        Animals();
        set.Request = new SampleSetRequest { Classes = new ClassNames(["cats", "dog"], "classes.txt") };

        Assert.AreEqual("QB4015: 'cat' (the sub-folder 'cat' of 'set') is not a class in 'classes.txt': did you mean 'cats'?", set.Problem("set"));
    }

    [TestMethod]
    public void Read_OneSubfolder_IsNoClassUnlessItNamesOne()
    {
        set.WriteNpy("set/samples/a.npy", [2], 1, 2);
        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2" }, set.Read("set"));

        set.Request = new SampleSetRequest { Classes = new ClassNames(["none", "samples"], "classes.txt") };
        CollectionAssert.AreEqual(new[] { "x[1,2]:1,2 = 1" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_SampleBesideTheSubfolders_QB4018()
    {
        Animals();
        set.WriteNpy("set/stray.npy", [2], 1, 2);

        Assert.AreEqual(
            "QB4018: The folder 'set' cannot be used as data: 'stray.npy' lies in no sub-folder, but others do in 'cat'; sub-folders are classes, "
            + "so that every sample needs one.", set.Problem("set"));
    }

    [TestMethod]
    public void Read_Table_GivesNumbers()
    {
        Animals();
        set.Write("set/labels.csv", "\uFEFFfile,label\r\ndog/1.npy,7\r\n\"dog/2.npy\",0\r\ncat/1.npy,-1\r\nunused.npy,3\r\n");

        CollectionAssert.AreEqual(new[] { "x[1,2]:3,4 = -1", "x[1,2]:1,2 = 7", "x[1,2]:5,6 = 0" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_TableOfNames_GivesTheirNumbers()
    {
        Animals();
        set.Write("set/labels.csv", "file,label\ndog/1.npy,small\ndog/2.npy,big\ncat/1.npy,small\n");
        CollectionAssert.AreEqual(new[] { "x[1,2]:3,4 = 1", "x[1,2]:1,2 = 1", "x[1,2]:5,6 = 0" }, set.Read("set"));

        set.Request = new SampleSetRequest { Classes = new ClassNames(["small", "bigger"], "classes.txt") };
        Assert.AreEqual("QB4015: 'big' (line 3 of 'set/labels.csv') is not a class in 'classes.txt': it names 2 classes, and none is alike.", set.Problem("set"));
    }

    [TestMethod]
    [DataRow("file,label\ndog/1.npy,1\n", "QB4018: The folder 'set' cannot be used as data: 'labels.csv' has no row for the sample 'cat/1.npy'.")]
    [DataRow("name,label\n", "QB4001: The data file 'set/labels.csv' cannot be read: its header has no column 'file'; it has 'name', 'label'")]
    [DataRow("file,label\na,1\na,2\n", "QB4001: The data file 'set/labels.csv' cannot be read: line 3: 'a' has a label already, in line 2")]
    [DataRow("file,label\na,1,2\n", "QB4001: The data file 'set/labels.csv' cannot be read: line 2 has 3 cells, but the header has 2")]
    [DataRow("", "QB4001: The data file 'set/labels.csv' cannot be read: it is empty; the first line must name the columns")]
    [DataRow("file,file\n", "QB4001: The data file 'set/labels.csv' cannot be read: its header names the column 'file' twice")]
    public void Read_TableThatIsWrong_IsRefused(string table, string problem)
    {
        Animals();
        set.Write("set/labels.csv", table);

        Assert.AreEqual(problem, set.Problem("set"));
    }

    private void Animals() => set.WriteNpy("set/dog/1.npy", [2], 1, 2).WriteNpy("set/cat/1.npy", [2], 3, 4).WriteNpy("set/dog/2.npy", [2], 5, 6);
}
