using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Ide;

/// <summary>
/// A schema of project files for editors of XML. It knows the items and properties of QuantBuild wherever they stand, and lets everything
/// else pass.
/// </summary>
internal static class SchemaFile
{
    private static readonly XNamespace Xs = "http://www.w3.org/2001/XMLSchema";

    private static readonly string[] OfEveryItem =
        ["Include", "Exclude", "Update", "Remove", "KeepMetadata", "RemoveMetadata", "MatchOnMetadata", "KeepDuplicates", "Condition", "Label"];

    private static IEnumerable<SettingDescriptor> Available => SettingCatalogue.All.Where(setting => setting.IsAvailable);

    /// <param name="ignoredMetadata">Metadata that an item may carry for others than QuantBuild.</param>
    public static string Write(IReadOnlyList<string> ignoredMetadata)
    {
        XElement schema = new(Xs + "schema",
            new XAttribute(XNamespace.Xmlns + "xs", Xs),
            new XAttribute("elementFormDefault", "qualified"),
            Documentation("Items and properties of QuantBuild in MSBuild project files. Everything else in a project passes unread."),
            Element("Project", new XElement(Xs + "complexType", Anything())),
            Element("QuantizeModel",
                Documentation("An ONNX model that the build quantizes, embeds and generates a class for. Its metadata go before the properties of the project."),
                new XElement(Xs + "complexType", Metadata(ignoredMetadata), Attributes(ignoredMetadata))),
            Available.Select(setting => Element(setting.PropertyName, Documentation(SettingTexts.Description(setting)), Value(setting))),
            Available.Select(Type),
            new XElement(Xs + "simpleType", new XAttribute("name", "expression"),
                Documentation("Nothing, or what only MSBuild can evaluate."),
                new XElement(Xs + "restriction", new XAttribute("base", "xs:string"),
                    Pattern(@"\s*"), Pattern(@"(.|\s)*[$%@]\((.|\s)*"))));
        return string.Create(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{schema.ToString().ReplaceLineEndings("\n")}\n");
    }

    private static XElement Metadata(IReadOnlyList<string> ignored) => new(Xs + "choice",
        new XAttribute("minOccurs", 0), new XAttribute("maxOccurs", "unbounded"),
        OnItems().Select(setting => Element(setting.Name, Documentation(SettingTexts.Description(setting)), Value(setting))),
        ignored.Select(name => new XElement(Xs + "element", new XAttribute("name", name))));

    private static IEnumerable<XElement> Attributes(IReadOnlyList<string> ignored) =>
    [
        .. OfEveryItem.Concat(ignored).Select(name => Attribute(name, "xs:string")),
        .. OnItems().Select(setting => Attribute(setting.Name, TypeName(setting), Documentation(SettingTexts.Description(setting)))),
    ];

    private static IEnumerable<SettingDescriptor> OnItems() => Available.Where(setting => setting.Scope == SettingScope.Item);

    private static XElement Value(SettingDescriptor setting) => new(Xs + "complexType",
        new XElement(Xs + "simpleContent",
            new XElement(Xs + "extension", new XAttribute("base", TypeName(setting)), Attribute("Condition", "xs:string"), Attribute("Label", "xs:string"))));

    /// <summary>Editors complete the words; as QuantBuild takes them in any case, so does the schema.</summary>
    private static XElement Type(SettingDescriptor setting)
    {
        XElement[] restrictions = setting.Kind switch
        {
            Choice choice =>
            [
                Restriction("xs:string", choice.Available.Select(word => new XElement(Xs + "enumeration", new XAttribute("value", word)))),
                Restriction("xs:string", choice.Available.Select(word => Pattern($@"\s*{InAnyCase(word)}\s*"))),
                .. choice is MetricName ? [Restriction("xs:string", [Pattern(@"\s*[Tt][Oo][Pp][0-9]{1,4}\s*")])] : Array.Empty<XElement>(),
            ],
            Amount => [Restriction("xs:double", [Facet("minInclusive", 0)])],
            Count => [Restriction("xs:int", [Facet("minInclusive", 1)])],
            ByteCount => [Restriction("xs:string", [Pattern(@"\s*[0-9]+\s*([KkMmGg][Ii][Bb])?\s*")])],
            _ => [Restriction("xs:string", [])],
        };
        return new XElement(Xs + "simpleType", new XAttribute("name", TypeName(setting)),
            new XElement(Xs + "union", new XAttribute("memberTypes", "expression"),
                restrictions.Select(restriction => new XElement(Xs + "simpleType", restriction))));
    }

    private static string TypeName(SettingDescriptor setting) => setting.Name + "Value";

    private static string InAnyCase(string word) => string.Concat(word.Select(letter =>
        char.IsLetter(letter) ? $"[{char.ToUpperInvariant(letter)}{char.ToLowerInvariant(letter)}]" : letter.ToString()));

    private static XElement Restriction(string type, IEnumerable<XElement> facets) => new(Xs + "restriction", new XAttribute("base", type), facets);

    private static XElement Facet(string name, int value) => new(Xs + name, new XAttribute("value", value));

    private static XElement Pattern(string pattern) => new(Xs + "pattern", new XAttribute("value", pattern));

    private static XElement Element(string name, params object[] content) => new(Xs + "element", new XAttribute("name", name), content);

    private static XElement Attribute(string name, string type, params object[] content) =>
        new(Xs + "attribute", new XAttribute("name", name), new XAttribute("type", type), content);

    private static XElement Documentation(string text) => new(Xs + "annotation", new XElement(Xs + "documentation", text));

    private static object[] Anything() =>
    [
        new XElement(Xs + "sequence",
            new XElement(Xs + "any", new XAttribute("processContents", "lax"), new XAttribute("minOccurs", 0), new XAttribute("maxOccurs", "unbounded"))),
        new XElement(Xs + "anyAttribute", new XAttribute("processContents", "lax")),
    ];
}
