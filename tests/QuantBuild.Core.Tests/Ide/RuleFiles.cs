using System.Globalization;
using System.Xml.Linq;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Ide;

/// <summary>Rules of the Common Project System, from which an IDE knows the properties of a model and of the project.</summary>
internal static class RuleFiles
{
    public static readonly XNamespace Xmlns = "http://schemas.microsoft.com/build/2009/properties";

    private const string Item = "QuantizeModel";

    private static IEnumerable<SettingDescriptor> Available => SettingCatalogue.All.Where(setting => setting.IsAvailable);

    /// <summary>The kind of file, the kind of item, and what can be set on one.</summary>
    public static string OfItem() => Text(new XElement(Xmlns + "ProjectSchemaDefinitions",
        new XElement(Xmlns + "FileExtension", new XAttribute("Name", ".onnx"), new XAttribute("ContentType", "OnnxModel")),
        new XElement(Xmlns + "ContentType",
            new XAttribute("Name", "OnnxModel"), new XAttribute("DisplayName", "ONNX model"), new XAttribute("ItemType", Item)),
        new XElement(Xmlns + "ItemType", new XAttribute("Name", Item), new XAttribute("DisplayName", "ONNX model to quantize")),
        Rule(Item, "File Properties", "What QuantBuild makes of this model. What is empty is as the project has it.", Item,
            [.. FileProperties(), .. Available.Where(setting => setting.Scope == SettingScope.Item).Select(OnItem)])));

    /// <summary>What holds for all models.</summary>
    public static string OfProject() => Text(
        Rule("QuantBuild", "QuantBuild", "How ONNX models are quantized, for all models of the project.", null, [.. Available.Select(InProject)]));

    private static XElement Rule(string name, string displayName, string description, string? item, XElement[] properties)
    {
        SettingGroup[] groups = [.. Available.Where(setting => item is null || setting.Scope == SettingScope.Item).Select(setting => setting.Group).Distinct()];
        return new XElement(Xmlns + "Rule",
            new XAttribute("Name", name),
            new XAttribute("DisplayName", displayName),
            new XAttribute("PageTemplate", "generic"),
            new XAttribute("Description", description),
            item is null ? new XAttribute("Order", "900") : new XAttribute("OverrideMode", "Extend"),
            new XElement(Xmlns + "Rule.DataSource", ProjectFile(item)),
            new XElement(Xmlns + "Rule.Categories",
                groups.Select(group => new XElement(Xmlns + "Category", new XAttribute("Name", group), new XAttribute("DisplayName", SettingTexts.Category(group)))),
                item is null ? null : new XElement(Xmlns + "Category", new XAttribute("Name", "Misc"), new XAttribute("DisplayName", "Misc"))),
            properties);
    }

    private static XElement ProjectFile(string? item) => new(Xmlns + "DataSource",
        new XAttribute("Persistence", "ProjectFile"),
        item is null ? null : new XAttribute("ItemType", item),
        new XAttribute("HasConfigurationCondition", "False"),
        new XAttribute("SourceOfDefaultValue", "AfterContext"));

    /// <summary>An empty value is no default here but says "as the project has it", for which a check box has no place.</summary>
    private static XElement OnItem(SettingDescriptor setting)
    {
        XElement property = Property(setting, setting.Name, SettingTexts.IsTruth(setting) ? "EnumProperty" : ElementName(setting));
        property.Add(new XElement(property.Name + ".DataSource",
            new XElement(ProjectFile(Item)).With("PersistenceStyle", "Attribute")));
        return property;
    }

    private static XElement InProject(SettingDescriptor setting)
    {
        XElement property = Property(setting, setting.PropertyName, ElementName(setting));
        if (setting.Default.Length > 0)
            property.SetAttributeValue("Default", setting.Default);
        return property;
    }

    private static XElement Property(SettingDescriptor setting, string name, string elementName)
    {
        XElement property = new(Xmlns + elementName,
            new XAttribute("Name", name),
            new XAttribute("DisplayName", SettingTexts.DisplayName(setting.Name)),
            new XAttribute("Category", setting.Group),
            new XAttribute("Description", SettingTexts.Description(setting)));
        if (setting.Kind is FilePath)
            property.SetAttributeValue("Subtype", "file");
        if (setting.Kind is Count)
            property.SetAttributeValue("MinValue", 1);
        if (elementName == "EnumProperty" && setting.Kind is Choice choice)
            property.Add(choice.Available.Select(word => new XElement(Xmlns + "EnumValue", new XAttribute("Name", word), new XAttribute("DisplayName", word))));
        return property;
    }

    private static string ElementName(SettingDescriptor setting) => setting.Kind switch
    {
        Choice => SettingTexts.IsTruth(setting) ? "BoolProperty" : "EnumProperty",
        Count => "IntProperty",
        _ => "StringProperty",
    };

    /// <summary>What every kind of file shows, and what the IDE keeps for itself.</summary>
    private static IEnumerable<XElement> FileProperties()
    {
        yield return new XElement(Xmlns + "DynamicEnumProperty",
            new XAttribute("Name", "{}{ItemType}"), new XAttribute("DisplayName", "Build Action"), new XAttribute("Category", "Misc"),
            new XAttribute("Description", "How the file relates to the build and deployment processes."), new XAttribute("EnumProvider", "ItemTypes"));
        yield return Intrinsic("Identity", null);
        yield return Intrinsic("FullPath", "Full Path");
        yield return Intrinsic("FileNameAndExtension", "File Name");
        foreach (string hidden in new[] { "DependentUpon", "Link" })
            yield return new XElement(Xmlns + "StringProperty", new XAttribute("Name", hidden), new XAttribute("Visible", "False"));
    }

    private static XElement Intrinsic(string name, string? displayName) => new(Xmlns + "StringProperty",
        new XAttribute("Name", name),
        displayName is null ? new XAttribute("Visible", "False") : new XAttribute("DisplayName", displayName),
        new XAttribute("ReadOnly", "True"),
        new XAttribute("Category", "Misc"),
        new XElement(Xmlns + "StringProperty.DataSource",
            new XElement(Xmlns + "DataSource",
                new XAttribute("Persistence", "Intrinsic"), new XAttribute("ItemType", Item), new XAttribute("PersistedName", name),
                new XAttribute("SourceOfDefaultValue", "AfterContext"))));

    private static XElement With(this XElement element, string attribute, string value)
    {
        element.SetAttributeValue(attribute, value);
        return element;
    }

    private static string Text(XElement root) =>
        string.Create(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root.ToString().ReplaceLineEndings("\n")}\n");
}
