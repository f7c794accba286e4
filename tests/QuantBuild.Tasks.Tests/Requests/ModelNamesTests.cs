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
        Assert.AreEqual(expected, ModelNames.For([include]).Single());

    [TestMethod]
    public void For_SharedStem_NamesCarryTheHashOfTheInclude()
    {
        IReadOnlyList<string> names = ModelNames.For(["a/Net.onnx", "b/net.onnx", "other.onnx"]);

        Assert.AreEqual("Net.0ad92a27|net.0c848850|other", string.Join("|", names));
    }

    [TestMethod]
    public void For_SameModelTwice_NamesDiffer() =>
        CollectionAssert.AllItemsAreUnique(ModelNames.For(["net.onnx", "net.onnx", "net.onnx"]).ToArray());

    [TestMethod]
    public void For_LongStems_AreCutAndKeptApart()
    {
        string shared = new('x', 200);
        IReadOnlyList<string> names = ModelNames.For([shared + "1.onnx", shared + "2.onnx"]);

        Assert.AreNotEqual(names[0], names[1]);
        Assert.IsTrue(names.All(name => name.Length <= 64 + 9));
    }
}
