using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

[TestClass]
public sealed class DigitsTests
{
    private static readonly PipelineProject Project = PipelineProject.Digits().QuantizeAll();

    [ClassCleanup]
    public static void Cleanup() => Project.Dispose();

    [TestMethod]
    public void Quantize_Digits_EveryPlannedNodeIsFused()
    {
        JsonElement kernels = Project.Report("digits").GetProperty("kernels");

        Assert.AreEqual(kernels.GetProperty("planned").GetInt32(), kernels.GetProperty("fused").GetInt32());
        Assert.IsGreaterThanOrEqualTo(0.95, kernels.GetProperty("integerMultiplyAddsShare").GetDouble());
    }

    [TestMethod]
    public void Quantize_Digits_SmallAndAccurate()
    {
        JsonElement report = Project.Report("digits");

        Assert.AreEqual(new FileInfo(Project.Output("digits.onnx")).Length, report.GetProperty("size").GetProperty("quantizedBytes").GetInt64());
        Assert.IsLessThanOrEqualTo(0.36, report.GetProperty("size").GetProperty("ratio").GetDouble());
        Assert.AreEqual("Top1", report.GetProperty("accuracy").GetProperty("metric").GetString());
        Assert.IsLessThanOrEqualTo(0.01, report.GetProperty("accuracy").GetProperty("drop").GetDouble());
    }

    [TestMethod]
    public void Report_Nodes_AreThoseOfThePreparedGraphOnceEach()
    {
        PreparedModel prepared = ModelPreparer.Prepare(
            OnnxModelReader.Parse(TestModels.Digits(), new DiagnosticOrigin("digits.onnx")), new DiagnosticOrigin("digits.onnx"));
        string[] expected = [.. prepared.Model.Graph.Nodes.Select(node => node.DisplayName).Order(StringComparer.Ordinal)];

        JsonElement[] nodes = [.. Project.Report("digits").GetProperty("nodes").EnumerateArray()];

        CollectionAssert.AreEqual(expected, nodes.Select(node => node.GetProperty("name").GetString()).Order(StringComparer.Ordinal).ToArray());
        foreach (JsonElement node in nodes.Where(node => node.GetProperty("runs").GetString() == "float"))
            Assert.AreNotEqual("", node.GetProperty("reason").GetString());
    }

    [TestMethod]
    public void Quantize_Again_SameBytes()
    {
        byte[] model = File.ReadAllBytes(Project.Output("digits.onnx"));
        using PipelineProject other = PipelineProject.Digits().QuantizeAll();

        CollectionAssert.AreEqual(model, File.ReadAllBytes(other.Output("digits.onnx")));
    }

    /// <summary>Different numbers of threads and a culture that writes numbers and letters differently.</summary>
    [TestMethod]
    [DataRow("1", "tr-TR")]
    [DataRow("2", "de-DE")]
    [DataRow("5", "")]
    public void Quantize_InAnotherProcess_SameBytes(string processors, string culture)
    {
        using PipelineProject other = PipelineProject.Digits();

        string result = other.RunWorker(runtimeLibrary: null, new Dictionary<string, string>
        {
            ["DOTNET_PROCESSOR_COUNT"] = processors,
            ["LANG"] = culture.Length == 0 ? "C" : culture.Replace('-', '_') + ".UTF-8",
        });

        Assert.IsTrue(File.Exists(other.Output("digits.onnx")), result);
        CollectionAssert.AreEqual(File.ReadAllBytes(Project.Output("digits.onnx")), File.ReadAllBytes(other.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_RuntimeIsNoLibrary_QB9005()
    {
        using PipelineProject other = PipelineProject.Digits();

        string result = other.RunWorker(PipelineProject.DigitsData, new Dictionary<string, string>());

        StringAssert.Contains(result, "QB9005");
        Assert.IsFalse(File.Exists(other.Output("digits.onnx")));
    }

    /// <summary>The worker asks the library itself, so that a copy which calls itself older is one.</summary>
    [TestMethod]
    [DataRow("1.10.0", "references ONNX Runtime 1.10.0, and QuantBuild needs 1.24 or newer")]
    [DataRow("1.23.2", "references ONNX Runtime 1.23.2, and QuantBuild needs 1.24 or newer")]
    public void Quantize_RuntimeIsTooOld_QB9006(string version, string message)
    {
        using PipelineProject other = PipelineProject.Digits();
        string library = Path.Combine(other.Directory, "libonnxruntime.so");
        File.WriteAllBytes(library, WithVersion(File.ReadAllBytes(NativeLibrary()), version));

        string result = other.RunWorker(library, new Dictionary<string, string>());

        StringAssert.Contains(result, "QB9006");
        StringAssert.Contains(result, message);
        Assert.IsFalse(File.Exists(other.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_RuntimeIsOlderThanTheManagedApi_StillQuantizes()
    {
        using PipelineProject other = PipelineProject.Digits();
        string library = Path.Combine(other.Directory, "libonnxruntime.so");
        File.WriteAllBytes(library, WithVersion(File.ReadAllBytes(NativeLibrary()), "1.24.1"));

        string result = other.RunWorker(library, new Dictionary<string, string>());

        Assert.IsTrue(File.Exists(other.Output("digits.onnx")), result);
        StringAssert.StartsWith(other.Report("digits").GetProperty("runtime").GetString(), "ONNX Runtime 1.24.1");
    }

    [TestMethod]
    public void Quantize_RuntimeThatCollectsTelemetry_CollectsNone()
    {
        using PipelineProject other = PipelineProject.Digits();
        using var home = new TemporaryFolder();

        other.RunWorker(null, new Dictionary<string, string> { ["XDG_CACHE_HOME"] = home.Path, ["HOME"] = home.Path });

        Assert.IsTrue(File.Exists(other.Output("digits.onnx")));
        Assert.IsEmpty(Directory.GetFileSystemEntries(home.Path, "*onnxruntime*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Quantize_HeldOut_IsSaid()
    {
        using PipelineProject other = PipelineProject.Digits(("SampleLimit", "40"));

        ProjectResult result = other.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4007", "QB4006" }, PipelineProject.Codes(result));
        Assert.AreEqual(10, other.Report("digits").GetProperty("accuracy").GetProperty("samples").GetInt32());
        StringAssert.Contains(result.Models.Single().Summary, "nodes run in integers");
    }

    /// <summary>The library that this process uses.</summary>
    private static string NativeLibrary() => Directory
        .EnumerateFiles(AppContext.BaseDirectory, "*onnxruntime.*", SearchOption.AllDirectories)
        .First(path => path.Contains(RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal) && Path.GetExtension(path) is ".so" or ".dylib");

    /// <summary>Replaces the text of the version wherever the library has it.</summary>
    private static byte[] WithVersion(byte[] library, string version)
    {
        string own = new OnnxRuntimeEngine().Identity.Version.Split(' ')[^1];
        byte[] from = Encoding.ASCII.GetBytes(own + "\0");
        byte[] to = Encoding.ASCII.GetBytes(version + "\0");
        Assert.HasCount(from.Length, to);
        for (int at = library.AsSpan().IndexOf(from); at >= 0; at = library.AsSpan().IndexOf(from))
            to.CopyTo(library, at);
        return library;
    }
}
