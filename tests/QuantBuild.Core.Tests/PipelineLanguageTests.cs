using QuantBuild.Diagnostics;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests;

[TestClass]
public sealed class PipelineLanguageTests
{
    [TestMethod]
    public void Generate_LanguageIsUnknown_WarnsAndWritesNoClass()
    {
        using var folder = new TemporaryFolder();

        ProjectResult result = Generate(folder, "C++");

        Assert.AreSame(DiagnosticCatalogue.UnsupportedLanguage, result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB8002").Descriptor);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("C#", "digits.g.cs", "class Digits")]
    [DataRow("F#", "digits.g.fs", "type internal Digits")]
    [DataRow("VB", "digits.g.vb", "Class Digits")]
    public void Generate_Language_WritesItsSource(string language, string file, string declaration)
    {
        using var folder = new TemporaryFolder();

        ProjectResult result = Generate(folder, language);

        Assert.IsFalse(result.Diagnostics.Any(diagnostic => diagnostic.Code == "QB8002"));
        StringAssert.Contains(File.ReadAllText(folder.File(file)), declaration);
    }

    [TestMethod]
    [DataRow("C#", "digits.metadata.g.cs")]
    [DataRow("F#", "digits.metadata.g.fs")]
    [DataRow("VB", "digits.metadata.g.vb")]
    public void Generate_ConstantsOfAnEarlierBuild_StayUnlessTheyAreOfAnotherClass(string language, string file)
    {
        using var folder = new TemporaryFolder();
        Generate(folder, language);
        string unmeasured = File.ReadAllText(folder.File(file));
        StringAssert.Contains(unmeasured, "ModelSha256");
        string measured = unmeasured.Replace("\"\"", "\"abc\"", StringComparison.Ordinal);
        File.WriteAllText(folder.File(file), measured);

        Generate(folder, language);
        Assert.AreEqual(measured, File.ReadAllText(folder.File(file)));

        Generate(folder, language, new SettingText("ClassName", "Other"));
        Assert.AreEqual(unmeasured.Replace("Digits", "Other", StringComparison.Ordinal), File.ReadAllText(folder.File(file)));
    }

    [TestMethod]
    public void Generate_Labels_AreInTheClass()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("classes.txt"), string.Join('\n', Enumerable.Range(0, 10).Select(number => $"class {number}")));

        ProjectResult result = Generate(folder, "C#", new SettingText("Labels", "classes.txt"));

        Assert.IsFalse(result.Diagnostics.Any(diagnostic => diagnostic.Code.StartsWith("QB80", StringComparison.Ordinal)));
        StringAssert.Contains(File.ReadAllText(folder.File("digits.g.cs")), "DigitsPrediction[] Top(int k)");
    }

    [TestMethod]
    public void Generate_ANameTooFew_ClassHasNoTopAndIsToldOnce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("classes.txt"), "one\ntwo\n");

        ProjectResult result = Generate(folder, "C#", new SettingText("Labels", "classes.txt"));

        Diagnostic problem = result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB8005");
        Assert.AreEqual("Labels", problem.Origin?.Setting);
        StringAssert.Contains(problem.Message, "names 2 classes");
        Assert.IsTrue(result.Succeeded);
        Assert.IsFalse(File.ReadAllText(folder.File("digits.g.cs")).Contains("Top(int k)", StringComparison.Ordinal));
    }

    private static ProjectResult Generate(TemporaryFolder folder, string language, params SettingText[] metadata)
    {
        string model = Path.Combine(AppContext.BaseDirectory, "Models", "digits.onnx");
        var request = new ProjectRequest(
            folder.Path, folder.Path, "App", language, [], [new ModelRequest("digits.onnx", model, "digits", metadata)]);

        return new QuantizationPipeline(engine: null!, new Progress<StageProgress>()).Generate(request, CancellationToken.None);
    }
}
