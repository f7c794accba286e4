using QuantBuild.Data;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class LabelFileTests
{
    private readonly SetFolder set = new();

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    [DataRow("cat\ndog\n")]
    [DataRow("\uFEFFcat\r\ndog\r\n\r\n")]
    [DataRow(" cat \ndog")]
    public void Read_Names_InOrder(string text)
    {
        set.Write("classes.txt", text);

        CollectionAssert.AreEqual(new[] { "cat", "dog" }, LabelFile.Read(set.PathOf("classes.txt"), "classes.txt", null).ToArray());
    }

    [TestMethod]
    [DataRow("cat\ndog\ncat\n", "lines 1 and 3 both name 'cat'")]
    [DataRow("cat\n\ndog\n", "line 2 is empty, so that the classes after it would have other numbers")]
    [DataRow("", "it names no class")]
    [DataRow("\n\n", "it names no class")]
    [DataRow("a\u0000b\n", "line 1 holds control characters; a file of names is plain text")]
    public void Read_NotAListOfNames_QB4016(string text, string reason)
    {
        set.Write("classes.txt", text);

        Assert.AreEqual($"'classes.txt' does not name classes: {reason}.", Problem().Message);
        Assert.AreEqual(DiagnosticCatalogue.InvalidClassNames, Problem().Descriptor);
    }

    [TestMethod]
    public void Read_NotUtf8OrTooLong_QB4016()
    {
        set.Write("classes.txt", [0x63, 0xE4, 0x74]);
        Assert.AreEqual("'classes.txt' does not name classes: it is not text in UTF-8.", Problem().Message);

        set.Write("classes.txt", new string('x', 1001));
        Assert.AreEqual("'classes.txt' does not name classes: line 1 has 1001 characters; a name has at most 1000.", Problem().Message);

        set.Write("classes.txt", string.Concat(Enumerable.Range(0, 250_001).Select(number => $"{number}\n")));
        Assert.AreEqual("'classes.txt' does not name classes: it names more than 250000 classes.", Problem().Message);
    }

    private Diagnostic Problem() =>
        Assert.ThrowsExactly<QuantBuildException>(() => LabelFile.Read(set.PathOf("classes.txt"), "classes.txt", SetFolder.Origin)).Diagnostic;
}
