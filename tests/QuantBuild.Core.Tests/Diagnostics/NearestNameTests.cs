using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Diagnostics;

[TestClass]
public sealed class NearestNameTests
{
    [TestMethod]
    [DataRow("", "", 0)]
    [DataRow("", "abc", 3)]
    [DataRow("kitten", "sitting", 3)]
    [DataRow("Shceme", "Scheme", 1)]
    [DataRow("ca", "abc", 3)]
    public void Distance_KnownPairs_CountsTheMistakes(string left, string right, int mistakes)
    {
        Assert.AreEqual(mistakes, NearestName.Distance(left, right));
        Assert.AreEqual(mistakes, NearestName.Distance(right, left));
    }

    [TestMethod]
    public void Find_SeveralNear_GivesTheNearest() => Assert.AreEqual("Mean", NearestName.Find("meann", ["Man", "Mean", "Means"]));

    [TestMethod]
    public void Find_NothingNear_GivesNothing() => Assert.IsNull(NearestName.Find("Zebra", ["Scheme", "Gate"]));
}
