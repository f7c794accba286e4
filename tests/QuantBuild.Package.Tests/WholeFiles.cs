using System.Text;
using System.Text.Json;
using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Whatever happens to a build, a file that it leaves is whole.</summary>
internal static class WholeFiles
{
    private static readonly string[] SameInEveryBuild = ["*.onnx", "*.g.cs", "*.lock.json", "*.stamp"];

    /// <summary>Content of everything that every build of these inputs makes alike.</summary>
    public static IReadOnlyDictionary<string, string> Of(TempProject project) => SameInEveryBuild
        .SelectMany(pattern => Directory.Exists(project.OutputDirectory) ? Directory.GetFiles(project.OutputDirectory, pattern) : [])
        .Append(project.File("quantbuild.lock.json"))
        .Where(File.Exists)
        .ToDictionary(path => Path.GetFileName(path), Content, StringComparer.Ordinal);

    /// <summary>What is there is as in an undisturbed build; what is not there yet is not there.</summary>
    /// <param name="whole">Of the undisturbed build.</param>
    public static void AssertWhole(TempProject project, IReadOnlyDictionary<string, string> whole, string situation)
    {
        foreach ((string name, string content) in Of(project).Where(file => !IsUnmeasured(file.Key, file.Value)))
            Assert.AreEqual(whole.GetValueOrDefault(name), content, $"{situation}: {name}");
        if (Directory.Exists(project.OutputDirectory))
            foreach (string path in Directory.GetFiles(project.OutputDirectory, "*.json"))
                JsonDocument.Parse(File.ReadAllBytes(path)).Dispose();
        AssertCacheIsWhole(project, situation);
    }

    /// <summary>Every entry of the cache is whole.</summary>
    public static void AssertCacheIsWhole(TempProject project, string situation)
    {
        string results = Path.Combine(project.CacheDirectory, "v1", "results");
        foreach (string entry in Directory.Exists(results) ? Directory.GetDirectories(results) : [])
        {
            CacheManifest.Read(entry).Verify(entry);
            Assert.IsEmpty(Directory.GetFiles(entry, "*.tmp"), situation);
        }
    }

    /// <summary>No file with a temporary name is left beside the sources or the outputs.</summary>
    public static void AssertNothingLeftOver(TempProject project, string situation)
    {
        Assert.AreEqual("", string.Join('\n', Directory.GetFiles(project.Directory, "*.tmp").Concat(
            Directory.GetFiles(project.OutputDirectory, "*.tmp"))), situation);
    }

    /// <summary>Takes away what was made, so that the next build has to do everything again.</summary>
    public static void Forget(TempProject project)
    {
        foreach (string folder in new[] { project.OutputDirectory, project.CacheDirectory }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        File.Delete(project.File("quantbuild.lock.json"));
    }

    /// <summary>The constants of a model that has not been quantized yet, whole.</summary>
    private static bool IsUnmeasured(string name, string content)
    {
        string text = Encoding.UTF8.GetString(Convert.FromBase64String(content));
        return name.EndsWith(".metadata.g.cs", StringComparison.Ordinal)
            && text.Contains("ModelSha256 = \"\";", StringComparison.Ordinal)
            && text.EndsWith("\n}\n", StringComparison.Ordinal);
    }

    private static string Content(string path) => Convert.ToBase64String(File.ReadAllBytes(path));
}
