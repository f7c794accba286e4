using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using QuantBuild.Tasks.Requests;

namespace QuantBuild.Tasks.Positions;

/// <summary>Finds where an item, a metadata or a property was written.</summary>
/// <param name="files">Project file first.</param>
/// <param name="definedIn">For an item's identity, the file that defines the item.</param>
internal sealed class SettingPositions(ProjectFiles files, Func<string, string?> definedIn)
{
    /// <param name="model">The item's identity; null for the whole project.</param>
    /// <param name="setting">Metadata, or property with the prefix <c>QuantBuild</c>; null for the item itself. A metadata that the
    /// item does not have stands for the property of its name, if there is one.</param>
    public SourcePosition Find(string? model, string? setting)
    {
        SourcePosition? found = null;
        if (setting != null && !IsProperty(setting))
            found = (model == null ? null : FindMetadata(model, setting)) ?? FindProperty(SettingNames.PropertyPrefix + setting);
        else if (setting != null)
            found = FindProperty(setting);

        return found ?? (model == null ? null : FindItem(model)) ?? new SourcePosition(files.Paths[0], 0, 0);
    }

    private static bool IsProperty(string setting) => setting.StartsWith(SettingNames.PropertyPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The last definition in the first file that has one: within a file, the last one usually wins.</summary>
    private SourcePosition? FindProperty(string name)
    {
        foreach (string path in files.Paths)
        {
            if (ProjectFiles.Named(name, files.Properties(path)).LastOrDefault() is { } element)
                return Of(path, element);
        }

        return null;
    }

    private SourcePosition? FindMetadata(string model, string setting)
    {
        string path = FileOf(model);
        foreach (XElement element in Mentions(model, files.Models(path)).Reverse().Concat(files.ModelDefaults(path)))
        {
            if (FindMetadata(path, element, setting) is { } metadata)
                return metadata;
        }

        return null;
    }

    private SourcePosition? FindItem(string model)
    {
        string path = FileOf(model);
        return Mentions(model, files.Models(path)).FirstOrDefault() is { } element ? Of(path, element) : null;
    }

    private string FileOf(string model) => definedIn(model) ?? files.Paths[0];

    /// <summary>The elements that name the item; without any, those that may stand for it by a wildcard or an expression.</summary>
    private static IEnumerable<XElement> Mentions(string model, IEnumerable<XElement> elements)
    {
        List<XElement> all = [.. elements];
        List<XElement> exact = [.. all.Where(element => Fragments(element).Any(fragment => Normalize(fragment) == Normalize(model)))];
        return exact.Count > 0 ? exact : all.Where(element => Fragments(element).Any(fragment => fragment.IndexOfAny(['*', '?', '$', '@', '%']) >= 0));
    }

    private static IEnumerable<string> Fragments(XElement element) =>
        ((string?)element.Attribute("Include") ?? (string?)element.Attribute("Update") ?? "").Split(';').Select(fragment => fragment.Trim());

    private static string Normalize(string path) => path.Replace('\\', '/');

    private static SourcePosition? FindMetadata(string path, XElement item, string name)
    {
        if (ProjectFiles.Named(name, item.Elements()).LastOrDefault() is { } element)
            return Of(path, element);

        XAttribute? attribute = item.Attributes().FirstOrDefault(candidate => string.Equals(candidate.Name.LocalName, name, StringComparison.OrdinalIgnoreCase));
        return attribute is IXmlLineInfo info ? new SourcePosition(path, info.LineNumber, info.LinePosition) : null;
    }

    /// <summary>Of the opening bracket, as MSBuild itself counts; the reader counts from the name.</summary>
    private static SourcePosition Of(string path, IXmlLineInfo element) => new(path, element.LineNumber, element.LinePosition - 1);
}
