namespace QuantBuild.Core.Tests;

/// <summary>Files under source control that are made from the code.</summary>
internal static class Snapshot
{
    private const string UpdateVariable = "QUANTBUILD_UPDATE_SNAPSHOTS";

    /// <summary>Fails when the committed file is not <paramref name="text"/>; writes it instead when the update variable is 1.</summary>
    public static void AssertMatches(string relativePath, string text)
    {
        string path = RepositoryFiles.PathOf(relativePath);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        string committed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.AreEqual(text, committed, $"{relativePath} is not up to date. Set {UpdateVariable}=1, run this test, and commit the file.");
    }
}
