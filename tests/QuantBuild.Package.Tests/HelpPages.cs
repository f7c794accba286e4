using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class HelpPages
{
    [TestMethod]
    public void LinksOfErrorsAndWarnings_LeadToFilesOfThePackage()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(properties: "<QuantBuildGate>Of</QuantBuildGate>");
        AssertPage(project, "QB1002");

        project.WriteProject("");
        AssertPage(project, "QB1008");
    }

    [TestMethod]
    public void RuntimeNotReferenced_LinkLeadsToAFileOfThePackage()
    {
        using var project = new TempProject(Package.Source);
        project.Write("App.csproj", File.ReadAllText(project.ProjectFile).Replace("Include=\"Microsoft.ML.OnnxRuntime\"", "Remove=\"None\"", StringComparison.Ordinal));

        AssertPage(project, "QB8004");
    }

    /// <summary>NuGet extracts packages wherever a machine wants them.</summary>
    [TestMethod]
    public void PackagesFolderOfAnyName_LinkIsEscaped()
    {
        using var packages = new TemporaryFolder();
        using var project = new TempProject(Package.Source);
        project.With("NUGET_PACKAGES", packages.File("a #1 100% Åé日本"));
        project.WriteProject(properties: "<QuantBuildGate>Of</QuantBuildGate>");

        string page = AssertPage(project, "QB1002");

        Assert.IsTrue(page.StartsWith(packages.File("a #1 100% Åé日本"), StringComparison.Ordinal), page);
    }

    private static string AssertPage(TempProject project, string code)
    {
        string links = project.File($"{code}.links");
        DotNetRun run = project.Build(HelpLinkLogger.Switch(links));
        Assert.AreEqual(1, run.ExitCode, run.Output);
        string line = File.ReadAllLines(links).First(line => line.StartsWith(code + " ", StringComparison.Ordinal));
        var uri = new Uri(line[(code.Length + 1)..]);
        Assert.AreEqual("file", uri.Scheme);
        StringAssert.StartsWith(File.ReadAllText(uri.LocalPath), $"# {code}: ");
        return uri.LocalPath;
    }
}
