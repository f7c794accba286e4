using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using QuantBuild.Reporting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reporting;

/// <summary>The schema that ships with the package is made from the records.</summary>
[TestClass]
public sealed class ReportSchemaTests
{
    private const string File = "src/QuantBuild/docs/report.schema.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [TestMethod]
    public void Schema_Committed_IsThatOfTheRecords() => Snapshot.AssertMatches(File, Made().ToJsonString(Readable) + "\n");

    [TestMethod]
    public void Schema_FullAndEmptyReports_Fit()
    {
        AssertFits(ReportSample.Report);
        AssertFits(ReportSample.Report with { Accuracy = null, Search = null, WrittenSettings = null, MaskInput = null, Nodes = [], Weights = [], Activations = [] });
    }

    [TestMethod]
    public void Schema_OtherField_DoesNotFit()
    {
        JsonObject report = JsonNode.Parse(ReportJson.Write(ReportSample.Report))!.AsObject();
        report["size"]!.AsObject().Remove("ratio");
        report["peakMemoryBytes"] = "much";
        report["more"] = 1;

        CollectionAssert.AreEquivalent(
            new[] { "$.size: ratio is missing", "$.peakMemoryBytes: String is none of integer", "$.more: the schema does not name it" },
            JsonSchemaWalker.Problems(report.Deserialize<JsonElement>(), Made()).ToArray());
    }

    private static void AssertFits(QuantizationReport report) => Assert.AreEqual(
        "", string.Join('\n', JsonSchemaWalker.Problems(JsonDocument.Parse(ReportJson.Write(report)).RootElement, Made())));

    private static JsonObject Made()
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => context.TypeInfo.Type == typeof(HistogramReport) && node is JsonObject histogram ? Counted(histogram)
                : node is JsonObject fields ? WithoutWhatMayBeLeftOut(fields) : node,
        };
        JsonObject made = ReportJson.Default.QuantizationReport.GetJsonSchemaAsNode(options).AsObject();
        return new JsonObject([
            new("$schema", "https://json-schema.org/draft/2020-12/schema"),
            new("title", $"Report of QuantBuild, layout {ReportJson.Schema}"),
            .. made.ToArray().Select(rule => KeyValuePair.Create(rule.Key, rule.Value?.DeepClone())),
        ]);
    }

    /// <summary>The exporter does not see through a converter.</summary>
    private static JsonObject Counted(JsonObject histogram)
    {
        histogram["properties"]!["counts"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" } };
        return WithoutWhatMayBeLeftOut(histogram);
    }

    /// <summary>What is null is not written.</summary>
    private static JsonObject WithoutWhatMayBeLeftOut(JsonObject fields)
    {
        if (fields["required"] is JsonArray required && fields["properties"] is JsonObject properties)
            foreach (JsonNode? name in required.ToArray())
                if (properties[name!.GetValue<string>()] is JsonObject field && field["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
                    required.Remove(name);
        return fields;
    }
}
