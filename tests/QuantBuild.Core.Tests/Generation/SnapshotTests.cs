namespace QuantBuild.Core.Tests.Generation;

[TestClass]
public sealed class SnapshotTests
{
    /// <summary>Set to 1, the test writes the file instead of comparing with it; the change is then seen in review.</summary>
    private const string UpdateVariable = "QUANTBUILD_UPDATE_SNAPSHOTS";

    [TestMethod]
    public void Generate_ImageClassifier_IsTheCommittedText() =>
        Compare("ImageClassifier.snapshot.txt", Signatures.Generate(Signatures.ImageClassifier));

    [TestMethod]
    public void Generate_Transformer_IsTheCommittedText() =>
        Compare("Transformer.snapshot.txt", Signatures.Generate(Signatures.Transformer));

    private static void Compare(string fileName, string actual)
    {
        string committed = Path.Combine(RepositoryDirectory(), "tests", "QuantBuild.Core.Tests", "Generation", fileName);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(committed, actual);
        Assert.AreEqual(
            File.ReadAllText(committed), actual, $"If this is meant, run the test with {UpdateVariable}=1 and commit the file.");
    }

    private static string RepositoryDirectory()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "QuantBuild.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The test does not run inside the repository.");
    }
}
