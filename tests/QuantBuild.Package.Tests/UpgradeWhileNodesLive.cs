using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>MSBuild's server and its nodes stay between builds with what they have loaded.</summary>
[TestClass]
public sealed class UpgradeWhileNodesLive
{
    private const string NewVersion = "0.1.1";

    [TestMethod]
    public void OtherVersionReferenced_ItsTasksAndItsWorkerAreUsed()
    {
        using var project = new TempProject(Package.Source);
        string salt = Guid.NewGuid().ToString("N");
        project.With("DOTNET_CLI_USE_MSBUILD_SERVER", "1").With("MSBUILDNODEHANDSHAKESALT", salt);
        WriteProject(project, PackageSource.Version);
        MakeNewVersion(project.File("feed"));
        project.Write("nuget.config", """
            <configuration><packageSources><add key="upgrade" value="feed" /></packageSources></configuration>
            """);
        try
        {
            Assert.AreEqual(2, Build(project, PackageSource.Version).QuantizingWorkers);
            string[] nodes = NodesOf(salt);
            Assert.AreEqual(0, Build(project, PackageSource.Version).AllWorkers);

            WriteProject(project, NewVersion);
            BuildLog upgraded = Build(project, NewVersion);

            Assert.AreEqual(2, upgraded.QuantizingWorkers, "The program that quantizes is an input.");
            Assert.AreEqual(0, Build(project, NewVersion).AllWorkers);
            if (OperatingSystem.IsLinux())
                CollectionAssert.IsSubsetOf(nodes, NodesOf(salt), "The same processes have done it all.");
        }
        finally
        {
            project.DotNet("build-server", "shutdown", "--msbuild");
            foreach (string node in NodesOf(salt))
                Process.GetProcessById(int.Parse(node, CultureInfo.InvariantCulture)).Kill();
        }
    }

    /// <summary>Builds and asserts that everything of QuantBuild came from one version.</summary>
    private static BuildLog Build(TempProject project, string version)
    {
        BuildLog log = Verify.Succeeded(project.Build("-m:2", "-nodeReuse:true"));
        string folder = $"/quantbuild/{version}/";
        foreach (string path in log.TaskAssemblies.Concat(log.WorkerCommands))
            StringAssert.Contains(path.Replace('\\', '/'), folder);
        Assert.IsNotEmpty(log.TaskAssemblies);
        return log;
    }

    /// <summary>Two target frameworks, so that a second node gets work.</summary>
    private static void WriteProject(TempProject project, string version)
    {
        project.WriteProject(
            """<QuantizeModel Include="Models/digits.onnx" Scheme="None" />""",
            "<TargetFramework></TargetFramework><TargetFrameworks>net8.0;net10.0</TargetFrameworks>");
        project.Write("App.csproj", File.ReadAllText(project.ProjectFile).Replace(
            $"\"{PackageSource.Version}\"", $"\"{version}\"", StringComparison.Ordinal));
    }

    /// <summary>The package as its next version would be: the tasks know another version, and the worker has other content.</summary>
    private static void MakeNewVersion(string feed)
    {
        Directory.CreateDirectory(feed);
        string package = Path.Combine(feed, $"QuantBuild.{NewVersion}.nupkg");
        File.Copy(Package.Source.NuGetPackage, package);
        using ZipArchive archive = ZipFile.Open(package, ZipArchiveMode.Update);
        Replace(archive, "QuantBuild.nuspec", $"<version>{PackageSource.Version}<", $"<version>{NewVersion}<");
        Replace(archive, "tools/tasks/netstandard2.0/QuantBuild.Tasks.dll", PackageSource.Version + "+", NewVersion + "+");
        Replace(archive, "tools/worker/net10.0/quantbuild.deps.json", "\"libraries\": {", "\"libraries\" :{");
    }

    /// <summary>Replaces the first occurrence of a text in a file by one of the same length, byte by byte.</summary>
    private static void Replace(ZipArchive archive, string name, string from, string to)
    {
        ZipArchiveEntry entry = archive.GetEntry(name)!;
        using var content = new MemoryStream();
        using (Stream stream = entry.Open())
            stream.CopyTo(content);
        byte[] bytes = content.ToArray();
        Encoding.UTF8.GetBytes(to).CopyTo(bytes, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from)));

        entry.Delete();
        using Stream replaced = archive.CreateEntry(name).Open();
        replaced.Write(bytes);
    }

    /// <summary>Process ids of MSBuild's server and nodes that were started with a salt; on Linux only.</summary>
    private static string[] NodesOf(string salt) => !OperatingSystem.IsLinux() ? [] :
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).OfType<string>()
            .Where(id => IsNodeOf(id, salt)).Order(StringComparer.Ordinal)];

    private static bool IsNodeOf(string id, string salt)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains(salt, StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{id}/cmdline").Contains("nodemode", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
