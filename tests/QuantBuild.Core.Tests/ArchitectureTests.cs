using System.Text.RegularExpressions;

namespace QuantBuild.Core.Tests;

/// <summary>Data flows one way: a folder of the core reads only what its row allows.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    private const int MostLines = 400;

    private const int MostFoldersBelowProject = 3;

    private static readonly string[] Foundations = ["Diagnostics", "Numerics", "Imaging", "Onnx", "Data", "Execution", "Differentiation"];

    /// <summary>Folder → folders whose types it may name. Rows are in the order of the flow: each names only rows above it.</summary>
    private static readonly (string Folder, string[] Uses)[] Allowed =
    [
        ("Diagnostics", []),
        ("Numerics", []),
        ("Imaging", []),
        ("Onnx", ["Diagnostics"]),
        ("Data", ["Diagnostics", "Imaging", "Onnx"]),
        ("Execution", ["Diagnostics", "Onnx", "Data"]),
        ("Differentiation", ["Numerics", "Onnx"]),
        ("Settings", ["Diagnostics"]),
        ("Providers", ["Diagnostics", "Onnx", "Data", "Settings"]),
        ("Preparation", ["Diagnostics", "Onnx", "Execution"]),
        ("Search", ["Settings"]),
        ("Placement", ["Diagnostics", "Numerics", "Onnx", "Execution", "Settings"]),
        ("Calibration", ["Diagnostics", "Numerics", "Onnx", "Execution", "Placement"]),
        ("Inspection", ["Diagnostics", "Numerics", "Onnx", "Execution", "Calibration"]),
        ("Equalization", ["Onnx", "Placement", "Calibration"]),
        ("Precision", ["Numerics", "Onnx", "Settings", "Placement", "Calibration"]),
        ("Sensitivity", ["Numerics", "Onnx", "Execution", "Settings", "Placement", "Precision"]),
        ("Reconstruction", ["Diagnostics", "Numerics", "Onnx", "Execution", "Differentiation", "Settings", "Placement", "Calibration", "Precision"]),
        ("Rewriting", ["Diagnostics", "Numerics", "Onnx", "Execution", "Settings", "Placement", "Precision", "Reconstruction"]),
        ("Evaluation", ["Diagnostics", "Numerics", "Onnx", "Data", "Execution", "Settings", "Placement", "Rewriting"]),
        ("Generation", ["Diagnostics", "Imaging", "Onnx", "Settings"]),
        ("Reporting",
        [
            "Numerics", "Onnx", "Execution", "Settings", "Preparation", "Placement", "Calibration", "Precision", "Reconstruction",
            "Rewriting", "Evaluation",
        ]),
        ("Caching", []),
        ("Locking", []),
    ];

    private static readonly Lazy<CoreSources> Core = new(() => CoreSources.OfRepository());

    [TestMethod]
    public void Core_Folders_UseOnlyWhatTheirRowAllows() => AssertNone(Forbidden(Core.Value.Uses));

    [TestMethod]
    public void Core_Table_HoldsNoEdgeThatIsNotThere()
    {
        var there = Core.Value.Uses.Select(use => (use.FromFolder, use.ToFolder)).ToHashSet();

        AssertNone(
            from row in Allowed
            from folder in row.Uses
            where !there.Contains((row.Folder, folder))
            select $"{row.Folder} → {folder} is allowed, and nothing uses it");
    }

    [TestMethod]
    public void Core_Table_FlowsOneWay()
    {
        string[] order = [.. Allowed.Select(row => row.Folder)];

        AssertNone(
            from row in Allowed
            from folder in row.Uses
            where Array.IndexOf(order, folder) >= Array.IndexOf(order, row.Folder)
            select $"{row.Folder} → {folder} points backwards");
        CollectionAssert.AreEquivalent(order, Core.Value.Folders.ToArray(), "Every folder of the core has a row.");
    }

    [TestMethod]
    public void Core_Stages_DoNotCallEachOther() =>
        AssertNone(Core.Value.Uses
            .Where(use => use.CrossesFolders && use.IsCallOfAStaticClass && !Foundations.Contains(use.ToFolder))
            .Select(use => $"{use}: a stage reads records of earlier stages; it never calls one"));

    [TestMethod]
    public void Core_Protobuf_StaysInOnnx() =>
        AssertNone(Core.Value.Uses
            .Where(use => use.FromFolder != "Onnx" && (use.IsInNamespace("QuantBuild.Onnx.Schema") || use.IsInNamespace("Google.Protobuf")))
            .Select(use => use.ToString()));

    [TestMethod]
    public void Core_Namespaces_FollowFolders() => AssertNone(Core.Value.MisplacedNamespaces);

    [TestMethod]
    public void Core_AllNames_Resolve() => AssertNone(Core.Value.UnresolvedNames);

    [TestMethod]
    [DataRow("Onnx", "QuantBuild.Rewriting.QuantizedModel", "Onnx → Rewriting")]
    [DataRow("Placement", "QuantBuild.Calibration.CalibrationTable", "Placement → Calibration")]
    [DataRow("Numerics", "QuantBuild.Diagnostics.Diagnostic", "Numerics → Diagnostics")]
    public void Forbidden_InventedEdge_IsFoundAndNamed(string folder, string type, string edge)
    {
        string source = $"namespace QuantBuild.{folder}; internal sealed record Invented({type} Field);";

        string[] found = [.. Forbidden(CoreSources.OfFileBesideRepository($"{folder}/Invented.cs", source).Uses)];

        Assert.AreEqual(1, found.Length, string.Join('\n', found));
        StringAssert.Contains(found[0], $"{folder}/Invented.cs");
        StringAssert.Contains(found[0], type);
        StringAssert.Contains(found[0], edge);
    }

    [TestMethod]
    public void Forbidden_TypeThatIsOnlyInferred_IsFound()
    {
        const string Source = """
            namespace QuantBuild.Calibration;
            internal static class Invented
            {
                static object F()
                {
                    var made = QuantBuild.Precision.QuantizationParameters.Asymmetric(0, 1);
                    return made.Scale;
                }
            }
            """;

        string[] found = [.. Forbidden(CoreSources.OfFileBesideRepository("Calibration/Invented.cs", Source).Uses)];

        Assert.IsTrue(found.Any(use => use.Contains("Scale", StringComparison.Ordinal)), string.Join('\n', found));
    }

    [TestMethod]
    [DataRow(@"\bMicrosoft\.ML\.", "QuantBuild.OnnxRuntime")]
    [DataRow(@"\bMicrosoft\.Build\b", "QuantBuild")]
    [DataRow(@"\bQuantBuild\.OnnxRuntime\b", "QuantBuild.OnnxRuntime", "QuantBuild.Cli/Program.cs")]
    [DataRow(@"\bQuantBuild\.Testing\b")]
    public void Sources_ForeignNamespace_IsNamedOnlyWhereItBelongs(string name, params string[] places) =>
        AssertNone(
            from source in SourceFile.OfProducts()
            where !places.Any(source.IsIn)
            from line in source.LinesOfCode
            where Regex.IsMatch(line.Text, name)
            select $"{source.Path}({line.Number}): {line.Text.Trim()}");

    [TestMethod]
    public void Sources_Files_StaySmallAndShallow() =>
        AssertNone(
            from source in SourceFile.OfProducts()
            where source.LineCount > MostLines || source.FoldersBelowProject > MostFoldersBelowProject
            select $"{source.Path}: {source.LineCount} lines, {source.FoldersBelowProject} folders deep in its project");

    private static IEnumerable<string> Forbidden(IEnumerable<SymbolUse> uses)
    {
        var allowed = Allowed.SelectMany(row => row.Uses.Select(folder => (row.Folder, folder))).ToHashSet();
        return uses
            .Where(use => use.CrossesFolders && !allowed.Contains((use.FromFolder, use.ToFolder)))
            .Select(use => use.ToString());
    }

    private static void AssertNone(IEnumerable<string> findings)
    {
        string[] list = [.. findings.Distinct(StringComparer.Ordinal)];
        Assert.AreEqual(0, list.Length, string.Join('\n', list));
    }
}
