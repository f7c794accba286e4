using System.Text.Json;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Tasks.Sarif;

namespace QuantBuild.Tasks.Tests.Sarif;

[TestClass]
public sealed class SarifLogTests
{
    private const string Warned = """
        {
          "schema": 1,
          "diagnostics": [
            { "severity": "warning", "code": "QB7003", "message": "a \"quoted\" drop\nof 1", "model": "fashion.onnx", "setting": "MaxAccuracyDrop", "figures": ["1.00 points", "250"] },
            { "severity": "message", "code": "QB4001", "message": "of the project" }
          ],
          "models": []
        }
        """;

    [TestMethod]
    public void Execute_Diagnostics_AreInTheFileWithCodePlaceAndFigures()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("MaxAccuracyDrop", "0.01"));
        project.Write("app.csproj", "<Project>\n  <ItemGroup>\n    <QuantizeModel Include=\"fashion.onnx\" MaxAccuracyDrop=\"0.01\" />\n  </ItemGroup>\n</Project>");

        project.CreateRun(project.Quantizing(Warned)).Execute();

        JsonElement log = Log(project);
        Assert.AreEqual("2.1.0", log.GetProperty("version").GetString());
        Assert.AreEqual("https://json.schemastore.org/sarif-2.1.0.json", log.GetProperty("$schema").GetString());
        JsonElement run = log.GetProperty("runs")[0];
        Assert.AreEqual("QuantBuild", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];
        Assert.IsTrue(results.Length >= 2, run.ToString());
        JsonElement drop = results.Single(result => Text(result, "ruleId") == "QB7003");
        Assert.AreEqual("warning", Text(drop, "level"));
        Assert.AreEqual("a \"quoted\" drop\nof 1", Text(drop.GetProperty("message"), "text"));
        JsonElement place = drop.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.AreEqual(Path.GetFileName(project.ProjectFile), Text(place.GetProperty("artifactLocation"), "uri").Split('/')[^1]);
        Assert.AreEqual("%SRCROOT%", Text(place.GetProperty("artifactLocation"), "uriBaseId"));
        JsonElement properties = drop.GetProperty("properties");
        Assert.AreEqual("fashion.onnx", Text(properties, "model"));
        CollectionAssert.AreEqual(new[] { "1.00 points", "250" }, properties.GetProperty("figures").EnumerateArray().Select(figure => figure.GetString()).ToArray());
        Assert.AreEqual("note", Text(results.Single(result => Text(result, "ruleId") == "QB4001"), "level"));
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        foreach (JsonElement result in results)
            Assert.AreEqual(Text(result, "ruleId"), Text(rules[result.GetProperty("ruleIndex").GetInt32()], "id"));
    }

    [TestMethod]
    public void Execute_NothingToTell_FileIsThereAndEmpty()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx");

        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());

        Assert.AreEqual(0, Log(project).GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    }

    [TestMethod]
    public void Write_ModelsNotLookedAt_KeepWhatWasSaid()
    {
        using var project = new TaskProject();
        var first = new SarifLog(project.Output(""), project.File(""), "quantize");
        Directory.CreateDirectory(project.Output(""));
        foreach (string model in new[] { "a.onnx", "b.onnx", "gone.onnx" })
            first.Add(Warning(model, "before"), At(project));
        first.Add(Warning(null, "of the project"), At(project));
        first.Write(["a.onnx", "b.onnx", "gone.onnx"], null);
        var generated = new SarifLog(project.Output(""), project.File(""), "generate");
        generated.Add(Warning("a.onnx", "of the class"), At(project));
        generated.Write(["a.onnx", "b.onnx"], null);

        var second = new SarifLog(project.Output(""), project.File(""), "quantize");
        second.Add(Warning("a.onnx", "now"), At(project));
        second.Write(["a.onnx", "b.onnx"], ["a.onnx"]);

        CollectionAssert.AreEqual(
            new[] { "generate of the class", "quantize now", "quantize before" },
            Log(project).GetProperty("runs")[0].GetProperty("results").EnumerateArray()
                .Select(result => $"{Text(result.GetProperty("properties"), "command")} {Text(result.GetProperty("message"), "text")}").ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("""{"runs":[{"results":[null]}]}""")]
    [DataRow("""{"runs":[{"results":[{}]}]}""")]
    [DataRow("""{"runs":5}""")]
    public void Write_EarlierFileDamaged_StartsAnew(string earlier)
    {
        using var project = new TaskProject();
        project.Write("obj/quantbuild/quantbuild.sarif", earlier);
        var log = new SarifLog(project.Output(""), project.File(""), "quantize");
        log.Add(Warning("a.onnx", "now"), At(project));

        log.Write(["a.onnx"], null);

        Assert.AreEqual(1, Log(project).GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    }

    [TestMethod]
    public void Write_Twice_SameBytes()
    {
        using var project = new TaskProject();
        Directory.CreateDirectory(project.Output(""));
        byte[][] written = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var log = new SarifLog(project.Output(""), project.File(""), "quantize");
            log.Add(Warning("a.onnx", "now"), At(project));
            log.Write(["a.onnx"], null);
            return File.ReadAllBytes(project.Output("quantbuild.sarif"));
        })];

        CollectionAssert.AreEqual(written[0], written[1]);
    }

    [TestMethod]
    public void Relative_RepositoryAbove_IsTheTop()
    {
        using var project = new TaskProject();
        project.Write("top/.git", "gitdir: elsewhere");
        project.Write("top/src/a b/app.csproj", "<Project />");

        string root = SarifPaths.RootOf(project.File("top/src/a b"));

        Assert.AreEqual(project.File("top"), root);
        Assert.AreEqual("src/a%20b/app.csproj", SarifPaths.Relative(root, project.File("top/src/a b/app.csproj")));
        Assert.AreEqual("elsewhere.props", SarifPaths.Relative(root, project.File("other/elsewhere.props")));
    }

    private static ResultDiagnostic Warning(string? model, string message) => new() { Severity = "warning", Code = "QB7003", Message = message, Model = model };

    private static SourcePosition At(TaskProject project) => new(project.ProjectFile, 3, 5);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonElement Log(TaskProject project) => JsonDocument.Parse(File.ReadAllBytes(project.Output("quantbuild.sarif"))).RootElement;
}
