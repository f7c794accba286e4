using System.Text;
using System.Text.Json;
using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

[TestClass]
public sealed class ReportJsonTests
{
    [TestMethod]
    public void Write_EveryField_ReadsBackTheSame()
    {
        byte[] written = ReportJson.Write(ReportSample.Report);
        QuantizationReport read = ReportJson.Read(written);

        CollectionAssert.AreEqual(written, ReportJson.Write(read));
        Assert.AreEqual(ReportSample.Report.Accuracy! with { DropInterval = [], Slices = null }, read.Accuracy! with { DropInterval = [], Slices = null });
        CollectionAssert.AreEqual(ReportSample.Report.Nodes.ToArray(), read.Nodes.ToArray());
        CollectionAssert.AreEqual(
            ReportSample.Report.Activations.Select(one => one with { Histogram = null }).ToArray(),
            read.Activations.Select(one => one with { Histogram = null }).ToArray());
        CollectionAssert.AreEqual(
            ReportSample.Report.Activations[0].Histogram!.Counts.ToArray(), read.Activations[0].Histogram!.Counts.ToArray());
        CollectionAssert.AreEqual(ReportSample.Report.Weights[0].Scales.ToArray(), read.Weights[0].Scales.ToArray());
    }

    [TestMethod]
    public void Write_TextOfPeople_IsReadable()
    {
        string json = Encoding.UTF8.GetString(ReportJson.Write(ReportSample.Report));

        StringAssert.Contains(json, "Models/größe.onnx");
        StringAssert.Contains(json, "conv<1>");
    }

    [TestMethod]
    public void Write_NothingMeasured_LeavesTheFieldOut() =>
        Assert.IsFalse(Encoding.UTF8.GetString(ReportJson.Write(ReportSample.Report with { Accuracy = null })).Contains("\"accuracy\"", StringComparison.Ordinal));

    /// <summary>Programs read the report: a field that changes its name or place is seen in review.</summary>
    [TestMethod]
    public void Write_FieldNames_AreTheCommittedOnes()
    {
        using JsonDocument document = JsonDocument.Parse(ReportJson.Write(ReportSample.Report));
        var fields = new List<string>();
        Collect(document.RootElement, "", fields);

        Snapshot.AssertMatches(
            "tests/QuantBuild.Core.Tests/Reporting/ReportFields.snapshot.txt", string.Concat(fields.Distinct().Select(field => field + "\n")));
    }

    private static void Collect(JsonElement element, string path, List<string> fields)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray())
                Collect(item, path + "[]", fields);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in element.EnumerateObject())
                Collect(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", fields);
        else
            fields.Add($"{path}: {(element.ValueKind is JsonValueKind.True or JsonValueKind.False ? "boolean" : element.ValueKind.ToString().ToLowerInvariant())}");
    }
}
