using System.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class TwoClones
{
    [TestMethod]
    [DataRow("<ContinuousIntegrationBuild>true</ContinuousIntegrationBuild>")]
    [DataRow("<PathMap>$(MSBuildProjectDirectory)=/source</PathMap>")]
    public void InDifferentFolders_SameAssembly(string properties)
    {
        using var project = new TempProject(Package.Source, "first");
        project.WriteProject(properties: properties);
        project.Write(".gitignore", "bin/\nobj/\n");
        string second = project.File("../elsewhere/second clone");
        Git(project.Directory, "init", "--quiet");
        Git(project.Directory, "remote", "add", "origin", "https://example.org/app.git");
        Git(project.Directory, "add", ".");
        Git(project.Directory, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "All");
        Git(project.Directory, "clone", "--quiet", ".", second);
        Git(second, "remote", "set-url", "origin", "https://example.org/app.git");

        Verify.Succeeded(project.Build());
        Verify.Succeeded(project.Build(Path.Combine(second, "App.csproj")));

        foreach (string output in new[] { "obj/Debug/net10.0/quantbuild/digits.g.cs", "bin/Debug/net10.0/App.dll" })
            CollectionAssert.AreEqual(File.ReadAllBytes(project.File(output)), File.ReadAllBytes(Path.Combine(second, output)), output);
    }

    private static void Git(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardError = true };
        using Process git = Process.Start(start)!;
        string errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.AreEqual(0, git.ExitCode, errors);
    }
}
