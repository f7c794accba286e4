using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace QuantBuild.Tasks.Sarif;

/// <summary>Writes SARIF 2.1.0, with one rule for every code that occurs and its page as help.</summary>
internal static class SarifJson
{
    private const string Root = "%SRCROOT%";

    /// <summary>UTF-8, indented, without a byte order mark; the same for the same results.</summary>
    public static byte[] ToBytes(IReadOnlyList<SarifResult> results)
    {
        using var stream = new MemoryStream();
        using (XmlWriter writer = JsonReaderWriterFactory.CreateJsonWriter(stream, Encoding.UTF8, ownsStream: false, indent: true, "  "))
            Write(writer, results);
        return stream.ToArray();
    }

    private static void Write(XmlWriter writer, IReadOnlyList<SarifResult> results)
    {
        string[] rules = [.. results.Select(result => result.RuleId).Distinct().OrderBy(code => code, StringComparer.Ordinal)];
        Start(writer, "root", "object");
        Schema(writer);
        Text(writer, "version", "2.1.0");
        Start(writer, "runs", "array");
        Start(writer, "item", "object");
        Start(writer, "tool", "object");
        Start(writer, "driver", "object");
        Text(writer, "name", "QuantBuild");
        Text(writer, "semanticVersion", Version());
        Start(writer, "rules", "array");
        foreach (string code in rules)
            Rule(writer, code);
        End(writer, 3);
        Start(writer, "results", "array");
        foreach (SarifResult result in results)
            Result(writer, result, Array.IndexOf(rules, result.RuleId));
        writer.WriteEndElement();
        Text(writer, "columnKind", "utf16CodeUnits");
        End(writer, 3);
    }

    /// <summary>A name that XML does not allow, as the writer of JSON wants it.</summary>
    private static void Schema(XmlWriter writer)
    {
        writer.WriteStartElement("a", "item", "item");
        writer.WriteAttributeString("item", "$schema");
        writer.WriteString("https://json.schemastore.org/sarif-2.1.0.json");
        writer.WriteEndElement();
    }

    private static void Rule(XmlWriter writer, string code)
    {
        (string title, string page) = RulePages.Of(code);
        Start(writer, "item", "object");
        Text(writer, "id", code);
        Message(writer, "shortDescription", title);
        if (page.Length > 0)
        {
            Start(writer, "help", "object");
            Text(writer, "text", page);
            Text(writer, "markdown", page);
            writer.WriteEndElement();
            Start(writer, "properties", "object");
            Text(writer, "page", RulePages.NameOf(code));
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static void Result(XmlWriter writer, SarifResult result, int ruleIndex)
    {
        Start(writer, "item", "object");
        Text(writer, "ruleId", result.RuleId);
        Number(writer, "ruleIndex", ruleIndex);
        Text(writer, "level", result.Level);
        Message(writer, "message", result.Message.Text);
        Start(writer, "locations", "array");
        foreach (SarifLocation location in result.Locations)
            Location(writer, location.PhysicalLocation);
        writer.WriteEndElement();
        Start(writer, "properties", "object");
        Text(writer, "command", result.Properties.Command);
        if (result.Properties.Model is { } model)
            Text(writer, "model", model);
        if (result.Properties.Setting is { } setting)
            Text(writer, "setting", setting);
        if (result.Properties.Figures is { Count: > 0 } figures)
        {
            Start(writer, "figures", "array");
            foreach (string figure in figures)
                Text(writer, "item", figure);
            writer.WriteEndElement();
        }
        End(writer, 2);
    }

    private static void Location(XmlWriter writer, SarifPhysicalLocation location)
    {
        Start(writer, "item", "object");
        Start(writer, "physicalLocation", "object");
        Start(writer, "artifactLocation", "object");
        Text(writer, "uri", location.ArtifactLocation.Uri);
        Text(writer, "uriBaseId", Root);
        writer.WriteEndElement();
        if (location.Region is { } region)
        {
            Start(writer, "region", "object");
            Number(writer, "startLine", region.StartLine);
            Number(writer, "startColumn", region.StartColumn);
            writer.WriteEndElement();
        }
        End(writer, 2);
    }

    private static string Version() =>
        typeof(SarifJson).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion.Split('+')[0];

    private static void Message(XmlWriter writer, string name, string text)
    {
        Start(writer, name, "object");
        Text(writer, "text", text);
        writer.WriteEndElement();
    }

    private static void Text(XmlWriter writer, string name, string value)
    {
        writer.WriteStartElement(name);
        writer.WriteString(value);
        writer.WriteEndElement();
    }

    private static void Number(XmlWriter writer, string name, int value)
    {
        Start(writer, name, "number");
        writer.WriteString(value.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    private static void Start(XmlWriter writer, string name, string type)
    {
        writer.WriteStartElement(name);
        writer.WriteAttributeString("type", type);
    }

    private static void End(XmlWriter writer, int levels)
    {
        for (int i = 0; i < levels; i++)
            writer.WriteEndElement();
    }
}
