using QuantBuild.Tasks.Workers;

namespace QuantBuild.Tasks.Tests.Workers;

[TestClass]
public sealed class DotNetHostTests
{
    private static readonly string Root = Path.GetPathRoot(Path.GetTempPath())!;

    private readonly Dictionary<string, string> environment = new()
    {
        ["DOTNET_HOST_PATH"] = Root + "host",
        ["DOTNET_ROOT"] = Root + "root",
        ["PATH"] = string.Join(Path.PathSeparator, "", "relative", Root + "path"),
    };

    [TestMethod]
    public void Find_AllThere_TheHostOfThisBuild() => Assert.AreEqual(Root + "host", Find(_ => true));

    [TestMethod]
    [DataRow("sdk")]
    [DataRow("root")]
    [DataRow("path")]
    public void Find_OnlyOneThere_ThatOne(string folder)
    {
        string expected = Path.Combine(Root + folder, "dotnet");
        Assert.AreEqual(expected, Find(file => file == expected));
    }

    [TestMethod]
    public void Find_OnlyInARelativeFolderOfPath_Null() => Assert.IsNull(Find(file => !Path.IsPathRooted(file)));

    [TestMethod]
    public void Find_NothingSet_Null()
    {
        environment.Clear();
        Assert.IsNull(new DotNetHost(environment.GetValueOrDefault, _ => true, isWindows: true).Find(null));
    }

    private string? Find(Func<string, bool> fileExists) =>
        new DotNetHost(environment.GetValueOrDefault, fileExists, isWindows: false).Find(Root + "sdk");
}
