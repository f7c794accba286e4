using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace QuantBuild.Tasks.Requests;

/// <summary>The files in which people write items and properties, in the order in which they are searched.</summary>
internal sealed class ProjectFiles
{
    private readonly Dictionary<string, XElement?> roots = new(StringComparer.Ordinal);

    /// <param name="paths">Project file first; empty ones are skipped.</param>
    public ProjectFiles(params string?[] paths)
    {
        Paths = [.. paths.Where(path => !string.IsNullOrEmpty(path)).Select(path => path!).Distinct(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Paths { get; }

    /// <summary>Every element in a property group of the file.</summary>
    public IEnumerable<XElement> Properties(string path) => ChildrenOf("PropertyGroup", path);

    /// <summary>Every <c>QuantizeModel</c> in an item group of the file.</summary>
    public IEnumerable<XElement> Models(string path) => Named("QuantizeModel", ChildrenOf("ItemGroup", path));

    /// <summary>Every <c>QuantizeModel</c> in a group of item definitions of the file.</summary>
    public IEnumerable<XElement> ModelDefaults(string path) => Named("QuantizeModel", ChildrenOf("ItemDefinitionGroup", path));

    public static IEnumerable<XElement> Named(string name, IEnumerable<XElement> elements) =>
        elements.Where(element => string.Equals(element.Name.LocalName, name, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<XElement> ChildrenOf(string group, string path) => Root(path) is { } root
        ? root.Descendants().Where(element => element.Parent?.Name.LocalName == group)
        : [];

    private XElement? Root(string path)
    {
        if (!roots.TryGetValue(path, out XElement? root))
        {
            root = Load(path);
            roots.Add(path, root);
        }

        return root;
    }

    /// <returns>Null for what cannot be read: MSBuild has read it, positions are a courtesy.</returns>
    private static XElement? Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return XDocument.Load(stream, LoadOptions.SetLineInfo).Root;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }
}
