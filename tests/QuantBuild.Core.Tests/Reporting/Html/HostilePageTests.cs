using System.Xml.Linq;
using QuantBuild.Reporting;
using QuantBuild.Reporting.Html;

namespace QuantBuild.Core.Tests.Reporting.Html;

/// <summary>Names come from models, and models from anywhere; a report may come from anywhere too.</summary>
[TestClass]
public sealed class HostilePageTests
{
    [TestMethod]
    [DataRow("</script><script>alert(1)</script>")]
    [DataRow("</style></title></svg><img src=x onerror=alert(1)>")]
    [DataRow("\" onload=\"alert(1)\" x=\"' autofocus onfocus='alert(1)")]
    [DataRow("]]></code><!-- &lt; &amp;amp; &#x3C; -->")]
    [DataRow("javascript:alert(1)")]
    [DataRow("a\0b\u0001c\u001b[31m\u007f\u0085\u200e\u202e\ufffe\ud800 \udc00x")]
    [DataRow("𝕏 🏳️‍🌈 größe\r\n\t")]
    public void Of_HostileNamesEverywhere_AreTextAndNothingElse(string name)
    {
        QuantizationReport calm = Named("name");
        XElement page = PageReader.Read(HtmlPage.Of(Named(name)));
        XElement expected = PageReader.Read(HtmlPage.Of(calm));

        CollectionAssert.AreEqual(Shape(expected), Shape(page));
        StringAssert.Contains(page.Descendants("h1").Single().Value, Markup.Clean(name));
        CollectionAssert.AreEqual(Assets(expected), Assets(page));
    }

    [TestMethod]
    public void Clean_WhatNoFileHolds_IsReplaced() =>
        Assert.AreEqual("a\uFFFDb \uFFFD 😀 \uFFFD\n", Markup.Clean("a\0b \uD800 😀 \uDC00\n"));

    [TestMethod]
    [DataRow(double.MaxValue)]
    [DataRow(-double.MaxValue)]
    [DataRow(double.Epsilon)]
    [DataRow(0.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Of_NumbersOfAnySize_DrawsWithinThePicture(double number)
    {
        QuantizationReport report = ReportSample.Report;
        var histogram = new HistogramReport((float)number, -(float)number, [long.MaxValue, -1, 0]);
        report = report with
        {
            Size = new SizeReport(long.MaxValue, long.MinValue, number, -1),
            PeakMemoryBytes = long.MinValue,
            Kernels = report.Kernels with { EstimatedCost = number, IntegerMultiplyAddsShare = number },
            Accuracy = report.Accuracy! with { Drop = number, Float = number, Quantized = number, MaxAccuracyDrop = number, DropInterval = [number] },
            Activations = [new ActivationReport("a", "UInt8", (float)number, int.MaxValue, 0, 0, null, histogram)],
            Weights = [new WeightReport("w", "Int8", 0, [], null, -1, -1, number, histogram, new HistogramReport(0, 0, []))],
            Stages = [new StageReport("load", number), new StageReport("other", 1)],
            Recovery = [new RecoveryReport("step", true, number, number)],
            Search = report.Search! with
            {
                Candidates = [report.Search.Candidates[0] with { Bytes = long.MinValue, SqnrDecibels = number, Drop = number, EstimatedCost = number, DropInterval = [] }],
                Sensitivities = [new SensitivityReport("conv<1>", "form", number, 0, true)],
            },
        };

        XElement page = PageReader.Read(HtmlPage.Of(report));

        foreach (XAttribute place in page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "x" or "y" or "x1" or "x2" or "cx" or "width" or "d"))
            Assert.IsFalse(place.Value.Contains("NaN", StringComparison.Ordinal) || place.Value.Contains('∞'), place.Parent!.ToString());
    }

    [TestMethod]
    [DataRow("Top1, Psnr")]
    [DataRow("12345")]
    [DataRow("Top99999")]
    [DataRow("")]
    public void Of_MetricThatIsNone_IsTheUsersOwn(string metric) => StringAssert.Contains(
        PageReader.Read(HtmlPage.Of(ReportSample.Report with { Accuracy = ReportSample.Report.Accuracy! with { Metric = metric } })).Value, metric);

    /// <summary>The sample with one name for everything that is named.</summary>
    private static QuantizationReport Named(string name)
    {
        QuantizationReport report = ReportSample.Report;
        return report with
        {
            Model = name,
            Tool = name,
            Runtime = name,
            Processor = name,
            MaskInput = name,
            Settings = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Gate"] = name, ["Scheme"] = name },
            Accuracy = report.Accuracy! with { Metric = name, Slices = [report.Accuracy.Slices![0] with { Name = name }] },
            Nodes = [.. report.Nodes.Select(node => node with { Name = name, Operator = name, Reason = name, Weights = name, WeightsReason = name })],
            Activations = [.. report.Activations.Select(one => one with { Name = name, SharesParametersOf = name })],
            Weights = [.. report.Weights.Select(one => one with { Name = name, Type = name })],
            Recovery = [.. report.Recovery.Select(step => step with { Step = name })],
            Preparation = [new PassReport(name, 1, [name])],
            Stages = [new StageReport(name, 1)],
            Search = report.Search! with
            {
                Profile = name,
                Method = name,
                Candidates =
                [
                    .. report.Search.Candidates.Select(candidate => candidate with
                    {
                        Name = name, Misses = name, Forms = new SortedDictionary<string, int>(StringComparer.Ordinal) { [name] = 1 },
                    }),
                ],
                Sensitivities = [.. report.Search.Sensitivities.Select(one => one with { Node = name, Form = name })],
            },
        };
    }

    /// <summary>Elements and the names of their attributes, in order.</summary>
    private static string[] Shape(XElement page) =>
        [.. page.DescendantsAndSelf().Select(element => $"{element.Name} {string.Join(' ', element.Attributes().Select(attribute => attribute.Name))}")];

    private static string[] Assets(XElement page) =>
        [.. page.Descendants().Where(element => element.Name.LocalName is "style" or "script").Select(element => element.Value)];
}
