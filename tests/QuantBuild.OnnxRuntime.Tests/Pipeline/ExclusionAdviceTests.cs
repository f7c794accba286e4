using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using QuantBuild.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A refused model comes with what its worst nodes cost, measured, and the line that keeps them in float.</summary>
[TestClass]
public sealed class ExclusionAdviceTests
{
    private const int Samples = 160;

    private const int Width = 32;

    private const string Limit = "0.001";

    /// <summary>One channel is so large that the others share a step or two, and what reads them takes all of them alike.</summary>
    private const float Outlier = 60;

    /// <summary>Nothing makes the outlier smaller.</summary>
    private static readonly (string Name, string Value)[] AsItIs =
        [("Scheme", "Static"), ("RangeEstimator", "MinMax"), ("CrossLayerEqualization", "false"), ("SmoothQuant", "false")];

    [TestMethod]
    public void Quantize_OneLayerReadsAnOutlier_TheLineToPasteMakesTheGatePass()
    {
        using PipelineProject project = Project("spoilt");
        Diagnostic refused = Refused(project.Quantize());
        StringAssert.Contains(refused.Message, "'spoilt'");
        Match told = Regex.Match(refused.Message, @"was measured: cosine similarity to the float outputs (\S+), a drop of (\S+) \(MaxAccuracyDrop allows 0\.00100\), \S+ KB instead of \S+ KB\. ");
        Assert.IsTrue(told.Success, refused.Message);

        ProjectResult pasted = Project("spoilt", project, Pasted(refused.Message)).Quantize();

        Assert.IsTrue(pasted.Succeeded, string.Join('\n', pasted.Diagnostics));
        double reached = project.Report("net").GetProperty("accuracy").GetProperty("quantized").GetDouble();
        Assert.AreEqual(told.Groups[1].Value, reached.ToString("0.00000#", CultureInfo.InvariantCulture), "What was measured is what the line gives.");
    }

    [TestMethod]
    public void Quantize_Twice_SaysTheSame()
    {
        using PipelineProject first = Project("spoilt");
        using PipelineProject second = Project("spoilt");

        Assert.AreEqual(Advice(Refused(first.Quantize())), Advice(Refused(second.Quantize())));
    }

    [TestMethod]
    public void Quantize_NameOfTheLayerIsHostile_TextIsOneLineAndThePastedNameFits()
    {
        const string Hostile = "evil\u001b[2J\n\"/>&$(Secret)%41";
        using PipelineProject project = Project(Hostile);

        Diagnostic refused = Refused(project.Quantize());

        Assert.IsFalse(refused.Message.Any(char.IsControl), refused.Message);
        Assert.IsTrue(Project(Hostile, project, Pasted(refused.Message)).Quantize().Succeeded);
    }

    [TestMethod]
    public void Quantize_WeightsOfTwoBits_NamesTheLayersThatLoseMost()
    {
        (string, string)[] twoBits = [("Scheme", "WeightOnly"), ("WeightType", "Int2"), ("Rounding", "Nearest")];
        using PipelineProject project = Project("spoilt", metadata: twoBits);

        Diagnostic refused = Refused(project.Quantize());

        StringAssert.Contains(refused.Message, "was measured");
        StringAssert.Contains(refused.Message, "ExcludedNodes=\"");
        Assert.IsNotEmpty(Pasted(refused.Message));
    }

    /// <summary>What was measured is in the cache; whether it is enough is for the project that asks.</summary>
    [TestMethod]
    public void Quantize_OtherLimitFromTheCache_IsJudgedByIt()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject first = Project("spoilt");
        using PipelineProject strict = Project("spoilt", metadata: [("MaxAccuracyDrop", "0.0000001")]);
        StringAssert.Contains(Refused(first.Quantize(("QuantBuildCacheDirectory", cache.Path))).Message, "To do so, write on the item");

        Diagnostic refused = Refused(strict.Quantize(("QuantBuildCacheDirectory", cache.Path)));

        Assert.IsTrue(strict.Report("net").GetProperty("fromCache").GetBoolean());
        StringAssert.Contains(refused.Message, "was measured and is not enough");
        StringAssert.Contains(refused.Message, "What to try next: ");
    }

    [TestMethod]
    public void Quantize_LogSaysWhatWasTried()
    {
        using PipelineProject project = Project("spoilt");

        string[] notes = [.. project.Quantize().Models.Single().Notes];

        Assert.IsTrue(
            notes.Any(note => Regex.IsMatch(note, @"^single nodes in float, on held-out samples: 'spoilt' \+\d+\.\d\d dB.*; \d+\.\d s$")), string.Join('\n', notes));
    }

    private static Diagnostic Refused(ProjectResult result) =>
        result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB7001" && diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Without the place of the refused file.</summary>
    private static string Advice(Diagnostic refused) => refused.Message[..refused.Message.IndexOf(" The rejected model", StringComparison.Ordinal)];

    /// <summary>As XML and MSBuild read it.</summary>
    private static string Pasted(string message)
    {
        string attribute = Regex.Match(message, "ExcludedNodes=\"[^\"]*\"").Value;
        string value = XElement.Parse($"<QuantizeModel {attribute} />").Attribute("ExcludedNodes")!.Value;
        return Regex.Replace(
            value, "%([0-9A-Fa-f]{2})", match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
    }

    private static PipelineProject Project(string name, params (string Name, string Value)[] metadata) => Project(name, null, "", metadata);

    private static PipelineProject Project(string name, PipelineProject? project, string excluded, params (string Name, string Value)[] metadata) =>
        (project ?? new PipelineProject())
            .WithData("x.npz", NamedArray.Of("x", [Samples, Width], SeededValues.Floats("x", -1, 1, Samples * Width)))
            .WithModel(
                "net",
                Net(name),
                [
                    ("CalibrationData", "x.npz"), ("Metric", "CosineSimilarity"), ("ExcludedNodes", excluded),
                    .. Array.Exists(metadata, setting => setting.Name == "MaxAccuracyDrop") ? [] : new[] { ("MaxAccuracyDrop", Limit) },
                    .. Array.Exists(metadata, setting => setting.Name == "Scheme") ? [] : AsItIs,
                    .. metadata,
                ]);

    /// <param name="name">Of the product that reads the outlier.</param>
    private static ModelBuilder Net(string name)
    {
        float[] before = SeededValues.Floats("second", -1, 1, Width * Width);
        float[] after = SeededValues.Floats("third", -1, 1, Width * Width);
        for (int i = 0; i < Width; i++)
        {
            before[i * Width] *= Outlier;
            after[i] /= Outlier;
        }
        return new ModelBuilder()
            .Input("x", $"N,{Width}")
            .Weights("first", Width, Width).Floats("second", [Width, Width], before).Floats("third", [Width, Width], after).Weights("fourth", Width, Width)
            .Node("MatMul", "x first", "a", ("name", "reader"))
            .Node("Relu", "a", "b")
            .Node("MatMul", "b second", "c", ("name", "giver"))
            .Node("MatMul", "c third", "d", ("name", name))
            .Node("Relu", "d", "e")
            .Node("MatMul", "e fourth", "y", ("name", "last"))
            .Output("y", $"N,{Width}");
    }
}
