namespace QuantBuild.Tasks.Tests;

[TestClass]
public sealed class HelpLinksTests
{
    [TestMethod]
    [DataRow("/packages/docs/QB1001.md", '/', "file:///packages/docs/QB1001.md")]
    [DataRow("/a b/#1/100%/%20/QB1001.md", '/', "file:///a%20b/%231/100%25/%2520/QB1001.md")]
    [DataRow("/Åé/日本/a?b/QB1001.md", '/', "file:///%C3%85%C3%A9/%E6%97%A5%E6%9C%AC/a%3Fb/QB1001.md")]
    [DataRow(@"C:\Users\me and you\QB1001.md", '\\', "file:///C:/Users/me%20and%20you/QB1001.md")]
    [DataRow(@"\\server\share\QB1001.md", '\\', "file://server/share/QB1001.md")]
    public void UriOf_Paths_AreEscaped(string path, char separator, string uri) => Assert.AreEqual(uri, HelpLinks.UriOf(path, separator));

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("/a b/#1/100%/%20/Åé日本;'()&+@=/QB1001.md")]
    public void UriOf_ReadAsUri_GivesThePathBack(string path) =>
        Assert.AreEqual(path, new Uri(HelpLinks.UriOf(path, '/')).LocalPath);

    /// <summary>Three folders above the assembly, where the package has its pages.</summary>
    [TestMethod]
    public void For_Code_IsThePageOfThePackage()
    {
        string assembly = typeof(HelpLinks).Assembly.Location;
        string package = Path.GetFullPath(Path.Combine(assembly, "..", "..", "..", ".."));

        Assert.AreEqual(Path.Combine(package, "docs", "QB2001.md"), new Uri(HelpLinks.For("QB2001")).LocalPath);
    }
}
