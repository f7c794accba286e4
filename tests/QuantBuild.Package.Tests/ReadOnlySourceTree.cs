using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Sources from a read-only checkout; everything that is built goes to another volume.</summary>
[TestClass]
public sealed class ReadOnlySourceTree
{
    /// <summary>Another volume than the one of temporary folders; where it is missing, another folder serves.</summary>
    private const string MemoryVolume = "/dev/shm";

    [TestMethod]
    public void ObjAndBinElsewhere_NothingBelowTheSourcesChanges()
    {
        using var temporary = new TemporaryFolder();
        DirectoryInfo elsewhere = Directory.Exists(MemoryVolume)
            ? Directory.CreateDirectory(Path.Combine(MemoryVolume, Path.GetFileName(temporary.Path)))
            : Directory.CreateDirectory(temporary.File("elsewhere"));
        using var project = new TempProject(Package.Source);
        project.Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <BaseIntermediateOutputPath>{elsewhere.FullName}/obj/</BaseIntermediateOutputPath>
                <BaseOutputPath>{elsewhere.FullName}/bin/</BaseOutputPath>
                <QuantBuildLockFile>false</QuantBuildLockFile>
              </PropertyGroup>
            </Project>
            """);
        string before = Listing(project.Directory);
        SetWritable(project.Directory, false);
        try
        {
            Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
            Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers);

            Assert.AreEqual(before, Listing(project.Directory));
            Assert.IsTrue(File.Exists(Path.Combine(elsewhere.FullName, "obj/Debug/net10.0/quantbuild/digits.onnx")));
            DotNetRun program = project.RunProgram(Path.Combine(elsewhere.FullName, "bin/Debug/net10.0/App.dll"));
            Assert.AreEqual(0, program.ExitCode, program.Errors);

            Verify.Succeeded(project.DotNet("clean"));

            Assert.AreEqual(before, Listing(project.Directory));
            Assert.IsFalse(Directory.Exists(Path.Combine(elsewhere.FullName, "obj/Debug/net10.0/quantbuild")));
        }
        finally
        {
            SetWritable(project.Directory, true);
            elsewhere.Delete(recursive: true);
        }
    }

    /// <summary>An administrator may write nevertheless, therefore the listing.</summary>
    private static void SetWritable(string directory, bool writable)
    {
        if (OperatingSystem.IsWindows())
            return;

        const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (FileSystemInfo entry in Entries(directory).Prepend(new DirectoryInfo(directory)))
            entry.UnixFileMode = writable ? entry.UnixFileMode | UnixFileMode.UserWrite : entry.UnixFileMode & ~Write;
    }

    private static string Listing(string directory) => string.Join('\n', Entries(directory)
        .Select(entry => $"{Path.GetRelativePath(directory, entry.FullName)} {entry.LastWriteTimeUtc:O} {(entry as FileInfo)?.Length}"));

    private static IEnumerable<FileSystemInfo> Entries(string directory) => new DirectoryInfo(directory)
        .GetFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(entry => entry.FullName, StringComparer.Ordinal);
}
