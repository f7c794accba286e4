using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

/// <summary>Files that are no reports, or not all of one.</summary>
[TestClass]
public sealed class ReportReadingTests
{
    [TestMethod]
    [DataRow("", "it is not the JSON of a report")]
    [DataRow("null", "it holds null")]
    [DataRow("[]", "it is not the JSON of a report")]
    [DataRow("""{"schema":2,"schema":""", "it is not the JSON of a report")]
    [DataRow("""{"schema":3}""", "it has the layout 3, and this version reads 1 to 2")]
    [DataRow("{}", "it has the layout 0")]
    [DataRow("""{"schema":1}""", "'model' is missing or null")]
    public void Read_NoReport_SaysWhy(string text, string why) => AssertRefused(Encoding.UTF8.GetBytes(text), why);

    [TestMethod]
    public void Read_TooLarge_IsNotLookedAt() => AssertRefused(new byte[ReportJson.MaxBytes + 1], "a report at most");

    [TestMethod]
    public void Read_DeeperThanAnyReport_IsRefused() =>
        AssertRefused(Encoding.UTF8.GetBytes(new string('[', 100_000)), "it is not the JSON of a report");

    [TestMethod]
    public void Read_ByteOrderMark_IsSkipped() =>
        Assert.AreEqual("Models/größe.onnx", ReportJson.Read([0xEF, 0xBB, 0xBF, .. ReportJson.Write(ReportSample.Report)]).Model);

    [TestMethod]
    public void Read_FirstLayout_HasNothingNew()
    {
        JsonObject report = Parsed();
        report["schema"] = 1;
        foreach (string later in new[] { "search", "writtenSettings" })
            report.Remove(later);

        Assert.IsNull(ReportJson.Read(Bytes(report)).Search);
    }

    /// <summary>Whatever single field a file lacks, has as null, or has as something else: it is read whole, or refused.</summary>
    [TestMethod]
    public void Read_AnyFieldDamaged_IsReadOrRefused()
    {
        foreach (string path in Paths(Parsed(), "").ToArray())
            foreach (JsonNode? other in new JsonNode?[] { null, JsonValue.Create(-1), JsonValue.Create("x"), new JsonArray((JsonNode?)null), new JsonObject() })
            {
                JsonObject report = Parsed();
                Replace(report, path, other?.DeepClone());
                try
                {
                    ReportJson.Write(ReportJson.Read(Bytes(report)));
                }
                catch (InvalidDataException exception)
                {
                    Assert.AreNotEqual("", exception.Message, path);
                }
            }
    }

    private static void AssertRefused(byte[] file, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ReportJson.Read(file)).Message, why);

    private static JsonObject Parsed() => JsonNode.Parse(ReportJson.Write(ReportSample.Report))!.AsObject();

    private static byte[] Bytes(JsonNode report) => Encoding.UTF8.GetBytes(report.ToJsonString());

    private static IEnumerable<string> Paths(JsonNode? node, string path)
    {
        IEnumerable<(string Step, JsonNode? Child)> children = node switch
        {
            JsonObject fields => fields.Select(field => (field.Key, field.Value)),
            JsonArray items => items.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach ((string step, JsonNode? child) in children)
        {
            string at = $"{path}\n{step}";
            yield return at;
            foreach (string deeper in Paths(child, at))
                yield return deeper;
        }
    }

    private static void Replace(JsonNode root, string path, JsonNode? value)
    {
        string[] steps = path.Split('\n')[1..];
        JsonNode parent = steps[..^1].Aggregate(root, (node, step) => node is JsonArray items ? items[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!);
        if (parent is JsonArray list)
            list[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = value;
        else
            parent[steps[^1]] = value;
    }
}
