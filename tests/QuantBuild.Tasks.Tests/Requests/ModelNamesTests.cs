using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Tests.Requests;

[TestClass]
public sealed class ModelNamesTests
{
    [TestMethod]
    [DataRow("Models/fashion.onnx", "fashion")]
    [DataRow("Models\\fashion.onnx", "fashion")]
    [DataRow("sentiment.de.onnx", "sentiment.de")]
    [DataRow("Åé日本 @%;'()&.onnx", "Åé日本________")]
    [DataRow("nul.onnx", "_nul")]
    [DataRow("com1.v2.onnx", "_com1.v2")]
    [DataRow("..onnx", "model")]
    [DataRow(".onnx", "model")]
    public void For_OneModel_StemIsSafeAsAFileName(string include, string expected) =>
        Assert.AreEqual(expected, Names(include).Single());

    [TestMethod]
    public void For_SharedStem_NamesCarryTheHashOfTheInclude()
    {
        IReadOnlyList<string> names = Names("a/Net.onnx", "b/net.onnx", "other.onnx");

        Assert.AreEqual("Net.0ad92a27|net.0c848850|other", string.Join("|", names));
    }

    [TestMethod]
    public void For_SameModelTwice_NamesDiffer() =>
        CollectionAssert.AllItemsAreUnique(Names("net.onnx", "net.onnx", "net.onnx").ToArray());

    [TestMethod]
    public void For_LongStems_AreCutAndKeptApart()
    {
        string shared = new('x', 200);
        IReadOnlyList<string> names = Names(shared + "1.onnx", shared + "2.onnx");

        Assert.AreNotEqual(names[0], names[1]);
        Assert.IsTrue(names.All(name => name.Length <= 64 + 9));
    }

    [TestMethod]
    [DataRow("net.Static.onnx", DisplayName = "The file of a variant")]
    [DataRow("b/NET.onnx", DisplayName = "The code of the variants")]
    [DataRow("b/net.static.onnx", DisplayName = "The file of a variant, in another case")]
    public void For_OutputOfAVariantMeetsAnotherModel_BothCarryHashes(string other)
    {
        IReadOnlyList<string> names = ModelNames.For(["net.onnx", other], [["Static", "Float16"], [null]]);

        Assert.IsTrue(names.All(name => name.Split('.')[^1].Length == 8), string.Join("|", names));
    }

    [TestMethod]
    public void For_VariantsThatMeetNothing_NameIsTheStem() =>
        Assert.AreEqual("net|other", string.Join("|", ModelNames.For(["net.onnx", "other.onnx"], [["Static"], ["Static"]])));

    private static IReadOnlyList<string> Names(params string[] includes) => ModelNames.For(includes, [.. includes.Select(_ => new string?[] { null })]);
}
