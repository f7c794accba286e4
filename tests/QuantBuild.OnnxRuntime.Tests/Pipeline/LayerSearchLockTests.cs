using QuantBuild.Locking;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>The lock file records what a search has chosen, and who has it need not search.</summary>
[TestClass]
public sealed class LayerSearchLockTests
{
    private static readonly string[] Mixed = ["transformer-encoder", "lstm-classifier", "control-flow", "squeeze-excite", "residual"];

    public static IEnumerable<object[]> MixedNets => Mixed.Select(name => new object[] { name });

    [TestMethod]
    public void Digits_SecondBuild_FollowsTheRecordToTheSameBytes()
    {
        using PipelineProject first = SearchedProject.Digits(SearchedProject.Within("0.01")).QuantizeAll();
        using PipelineProject second = SearchedProject.Digits(SearchedProject.Within("0.01"));
        File.Copy(first.LockFile, second.LockFile);
        byte[] recorded = File.ReadAllBytes(first.LockFile);

        second.QuantizeAll(("QuantBuildLockedMode", "true"));

        Assert.AreEqual(Text(first.Layers("digits")), Text(Entry(second, "digits").Choices.Layers!));
        Assert.AreEqual(Text(first.Layers("digits")), Text(second.Layers("digits")));
        Assert.IsNull(second.Search("digits"));
        CollectionAssert.AreEqual(File.ReadAllBytes(first.Output("digits.onnx")), File.ReadAllBytes(second.Output("digits.onnx")));
        CollectionAssert.AreEqual(recorded, File.ReadAllBytes(second.LockFile));
    }

    /// <summary>What they were equalized and corrected by is part of what ships.</summary>
    [TestMethod]
    [DataRow("transformer-encoder", "0.01")]
    [DataRow("squeeze-excite", "0.02")]
    public void Net_SecondBuild_FollowsTheRecordToTheSameBytes(string name, string drop)
    {
        GeneratedNet net = GeneratedNets.Of(name);
        using PipelineProject first = SearchedProject.Of(net, SearchedProject.Within(drop, "3s")).QuantizeAll();
        using PipelineProject second = SearchedProject.Of(net, SearchedProject.Within(drop, "3s"));
        File.Copy(first.LockFile, second.LockFile);

        second.QuantizeAll(("QuantBuildLockedMode", "true"));

        Assert.IsNull(second.Search(net.Name));
        CollectionAssert.AreEqual(File.ReadAllBytes(first.Output(net.Name + ".onnx")), File.ReadAllBytes(second.Output(net.Name + ".onnx")));
    }

    [TestMethod]
    public void Small_OtherSetting_IsSearchedAgain()
    {
        using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.002")).QuantizeAll();
        project.QuantizeAll();
        Assert.IsNull(project.Search("small"));

        (string, string)[] other = [("CalibrationData", "rows.npz"), .. SearchedProject.Within("0.01")];
        project.WithModel("small", SearchedProject.SmallNet(), other).QuantizeAll();

        Assert.IsNotNull(project.Search("small"));
        Assert.AreEqual(Text(project.Layers("small")), Text(Entry(project, "small").Choices.Layers!));
    }

    [TestMethod]
    public void Small_LockedModeOff_IsSearchedAgain()
    {
        using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.002")).QuantizeAll();

        project.QuantizeAll(("QuantBuildLockedMode", "false"));

        Assert.IsNotNull(project.Search("small"));
    }

    [TestMethod]
    public void Small_FormThatThereIsNot_IsAnError()
    {
        using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.002", "2s")).QuantizeAll();
        Record(project, "small", layers => layers[layers.Keys.First()] = "Integer99");

        Assert.AreEqual("QB9011", PipelineProject.Errors(project.Quantize()).Single());
    }

    /// <summary>A record that somebody has changed counts, and not what the cache has of the search.</summary>
    [TestMethod]
    public void Small_OtherRecordAndFullCache_TheRecordIsFollowed()
    {
        using var cache = new TemporaryFolder();
        (string, string) property = ("QuantBuildCacheDirectory", cache.Path);
        using PipelineProject project = SearchedProject.Small(SearchedProject.Within("0.002", "2s")).QuantizeAll(property);
        byte[] searched = File.ReadAllBytes(project.Output("small.onnx"));
        project.QuantizeAll(property);
        Assert.IsTrue(project.Report("small").GetProperty("fromCache").GetBoolean(), "It is what the record says.");
        Record(project, "small", layers =>
        {
            foreach (string node in layers.Keys.ToArray())
                layers[node] = "Float16";
        });

        project.QuantizeAll(property);

        Assert.IsTrue(project.Layers("small").Values.All(form => form == "Float16"));
        File.Delete(project.LockFile);
        project.QuantizeAll(property);
        CollectionAssert.AreEqual(searched, File.ReadAllBytes(project.Output("small.onnx")));
    }

    /// <summary>Each layer in another of its forms: integers, float and few bits in one graph.</summary>
    [TestMethod]
    [DynamicData(nameof(MixedNets))]
    public void Net_EveryLayerInAnotherForm_RunsAndIsNearTheFloatModel(string name)
    {
        using PipelineProject project = SearchedProject.Of(GeneratedNets.Of(name), ("MaxAccuracyDrop", "1"), ("TimeBudget", "20s")).QuantizeAll();
        var forms = project.Search(name)!.Value.GetProperty("sensitivities").EnumerateArray()
            .GroupBy(entry => entry.GetProperty("node").GetString()!, entry => Code(entry.GetProperty("form").GetString()!))
            .ToDictionary(layer => layer.Key, layer => layer.Where(form => !form.EndsWith('2') && !form.EndsWith('3')).ToArray());
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Record(project, name, layers =>
        {
            int next = 0;
            foreach (string node in layers.Keys.ToArray())
                if (forms.TryGetValue(node, out string[]? possible) && possible.Length > 0)
                    chosen[node] = layers[node] = possible[next++ % possible.Length];
        });

        project.QuantizeAll();

        foreach ((string node, string form) in chosen)
            Assert.AreEqual(form, project.Layers(name)[node], node);
        Assert.IsGreaterThan(1, chosen.Values.Distinct().Count());
        Assert.IsGreaterThan(0.9, project.Report(name).GetProperty("accuracy").GetProperty("quantized").GetDouble());
    }

    /// <summary>From <c>integers 4 bits</c> to <c>Integer4</c>.</summary>
    private static string Code(string form)
    {
        string[] words = form.Split(' ');
        LayerKernel kernel = words[0] switch { "integers" => LayerKernel.Integer, "dynamic" => LayerKernel.Dynamic, _ => LayerKernel.Float };
        return $"{kernel}{words[1]}";
    }

    private static LockEntry Entry(PipelineProject project, string name) => LockFile.Read(project.LockFile)!.Models[name + ".onnx"];

    private static void Record(PipelineProject project, string name, Action<SortedDictionary<string, string>> change)
    {
        LockFile file = LockFile.Read(project.LockFile)!;
        change(file.Models[name + ".onnx"].Choices.Layers!);
        File.WriteAllBytes(project.LockFile, file.ToBytes());
    }

    private static string Text(IReadOnlyDictionary<string, string> layers) =>
        string.Join('\n', layers.Select(layer => $"{layer.Key}={layer.Value}"));
}
