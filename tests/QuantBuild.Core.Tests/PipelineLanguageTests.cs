using QuantBuild.Diagnostics;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests;

[TestClass]
public sealed class PipelineLanguageTests
{
    [TestMethod]
    public void Generate_LanguageIsNotCSharp_WarnsAndWritesNoClass()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(AppContext.BaseDirectory, "Models", "digits.onnx");
        var request = new ProjectRequest(
            folder.Path, folder.Path, "App", "F#", [], [new ModelRequest("digits.onnx", model, "digits", [])]);

        ProjectResult result = new QuantizationPipeline(engine: null!, new Progress<StageProgress>()).Generate(request, CancellationToken.None);

        Assert.AreSame(DiagnosticCatalogue.UnsupportedLanguage, result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB8002").Descriptor);
        Assert.IsFalse(File.Exists(folder.File("digits.g.cs")));
    }
}
