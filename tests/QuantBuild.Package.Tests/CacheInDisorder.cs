using System.Text.RegularExpressions;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Whatever is wrong with the cache costs time, never a build.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class CacheInDisorder
{
    private static readonly string[] Schemes = ["WeightOnly", "Float16", "Dynamic", "None"];

    [TestMethod]
    public void EntriesDamagedInFourWays_AllAreSetAsideAndMadeAgain()
    {
        using var project = new TempProject(Package.Source);
        foreach (string scheme in Schemes)
            project.CopyModel($"Models/{scheme}.onnx");
        project.WriteProject(string.Concat(Schemes.Select(scheme =>
            $"""<QuantizeModel Include="Models/{scheme}.onnx" Scheme="{scheme}" />""")));
        project.Write("Program.cs", "return 0;");
        Verify.Succeeded(project.Build());
        IReadOnlyDictionary<string, string> undamaged = WholeFiles.Of(project);
        string results = Path.Combine(project.CacheDirectory, "v1", "results");
        string[] entries = [.. Directory.GetDirectories(results).Order(StringComparer.Ordinal)];
        Assert.HasCount(Schemes.Length, entries);

        string other = Path.Combine(entries[3], "model.onnx");
        byte[] swapped = File.ReadAllBytes(other);
        Change(Path.Combine(entries[0], "model.onnx"), bytes => { bytes[^1] ^= 1; return bytes; });
        Change(Path.Combine(entries[1], "model.onnx"), _ => swapped);
        Change(Path.Combine(entries[2], "manifest.json"), bytes => bytes[..(bytes.Length / 2)]);
        Change(Path.Combine(entries[3], "manifest.json"), bytes => [.. "{\"schema\":2,"u8, .. bytes.AsSpan("{\"schema\":1,".Length)]);
        Directory.Delete(project.OutputDirectory, recursive: true);

        DotNetRun run = project.Build("--no-restore", "-v:n");

        Verify.Succeeded(run);
        Assert.AreEqual(entries.Length, Regex.Count(run.Output, "is set aside: "), run.Output);
        Assert.AreEqual(entries.Length, Regex.Count(run.Output, "put into the cache: "), run.Output);
        StringAssert.Contains(run.Output, "has the schema 2");
        CollectionAssert.AreEquivalent(undamaged.ToArray(), WholeFiles.Of(project).ToArray());
        WholeFiles.AssertCacheIsWhole(project, "after the second build");
    }

    [TestMethod]
    public void DeletedMeanwhileThenAPlaceThatCannotBeWritten_BuildsSucceed()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.DotNet("restore"));
        using (RunningBuild build = project.StartBuild("--no-restore"))
        {
            build.WaitFor("digits: recover");
            Directory.Delete(project.CacheDirectory, recursive: true);
            DotNetRun run = build.WaitForEnd();
            Assert.AreEqual(0, run.ExitCode, run.Output);
        }
        IReadOnlyDictionary<string, string> cached = WholeFiles.Of(project);
        WholeFiles.AssertCacheIsWhole(project, "deleted meanwhile");
        WholeFiles.Forget(project);

        BuildLog log = Verify.Succeeded(project.With("QuantBuildCacheDirectory", "/proc/quantbuild").Build("--no-restore"));

        Assert.IsTrue(log.Says("the cache cannot be used"));
        Assert.IsTrue(log.Says("not put into the cache"));
        CollectionAssert.AreEquivalent(cached.ToArray(), WholeFiles.Of(project).ToArray());
    }

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
}
