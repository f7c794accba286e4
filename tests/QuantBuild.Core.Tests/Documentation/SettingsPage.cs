using System.Globalization;
using System.Text;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>The page of all settings, made from <see cref="SettingCatalogue"/>; only what stands between the tables is written here.</summary>
internal static class SettingsPage
{
    private const string Introduction = """
        # Settings

        A float model stores each of its weights as a 32-bit number and computes with such numbers. Quantizing replaces them by 8-bit
        integers and a scale: a weight of 0.42 becomes, say, 54 times 0.0078. The model is then about a quarter of its size and mostly faster,
        and its outputs change a little. The settings on this page say which model is quantized, how, on which data, and how much its
        outputs may change before the build fails. One item is enough to start:

        ```xml
        <ItemGroup>
          <QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" />
        </ItemGroup>
        <PropertyGroup>
          <QuantBuildMaxAccuracyDrop>0.01</QuantBuildMaxAccuracyDrop>
        </PropertyGroup>
        ```

        ## Where settings are written

        Every setting `Name` can be written in two places: as metadata `Name` of a `QuantizeModel` item, for that model, and as the property
        `QuantBuildName`, for all models of the project. Metadata goes before the property, the property before the default. The settings
        under *Build* hold for the whole project and are properties only.

        - Words (`Static`, `Off`, `true`) may be in any case. Numbers have a decimal point, whatever the language of the machine.
        - Relative paths are relative to the project file's folder; slashes and backslashes both work.
        - Empty means not written, as everywhere in MSBuild.
        - A name that is not a setting, a value that is not allowed, a file that does not exist and settings that contradict each other are
          errors ([QB1001](QB1001.md) to [QB1007](QB1007.md)). They are all reported at once, before any work starts; nothing is ignored
          or adjusted silently.

        """;

    private const string Contradictions = """

        ## Settings that contradict each other

        Some settings make others idle: there is no limit to check with `Gate=Off`, no data to use with `Scheme=None`, and no range to
        estimate with `Scheme=WeightOnly`. Written in the same place, such a pair is an error ([QB1004](QB1004.md)). Across places
        the item decides for its own model: `Gate="Off"` on one item switches off a `QuantBuildMaxAccuracyDrop` of the project for that model.
        The other way round, a limit on an item that a property would switch off is an error, so that nobody relies on a check that is not made.
        A limit for a model without any data is an error too, and so is a `ValidationData` that is the file of `CalibrationData`.

        ## Settings of later versions

        These names are known, and setting them to anything but the value below is an error ([QB1003](QB1003.md)).

        | setting | accepted | meaning | in this version |
        |---|---|---|---|

        """;

    private static readonly (SettingGroup Group, string Title, string Text)[] Sections =
    [
        (SettingGroup.Scheme, "Scheme", """
            How the model is made smaller. The default suits nearly every model; what usually matters is whether there is calibration data.
            """),
        (SettingGroup.Data, "Data", """
            Weights are in the model, but the numbers that flow between its layers depend on the input. To put them into 8 bits, QuantBuild has to
            see what they typically are: it runs the float model on samples that you give. The same kind of file serves to measure the accuracy.
            In Python: `numpy.savez("calibration.npz", image=images, labels=classes)` for a model whose input is called `image`.
            """),
        (SettingGroup.Calibration, "Calibration", "How ranges follow from the samples."),
        (SettingGroup.Recovery, "Recovery", """
            What gives back the accuracy that 8 bits cost. Each step is tried on calibration samples that are held out for that, one batch in
            eight, and kept where the outputs come nearer to those of the float model; the report tells what was tried and what it gained. Models
            of more than 512 MiB are rounded weight by weight, without these steps.
            """),
        (SettingGroup.Gate, "Gate", """
            After quantizing, float and quantized model run on the same samples, and the build fails when the quantized one is not good enough. A
            limit is checked against what was measured; a confidence interval tells whether there were enough samples to be sure
            ([QB7003](QB7003.md)).
            """),
        (SettingGroup.Search, "Preferences and exceptions", """
            What is preferred, and what stays float in the few models of which a part does not bear 8 bits.
            """),
        (SettingGroup.Target, "Target", "Where the model will run."),
        (SettingGroup.Loader, "Generated class", "The class that loads and runs the quantized model."),
        (SettingGroup.Build, "Build", "For the whole project; these are properties only."),
    ];

    public static string Write()
    {
        StringBuilder page = new(Introduction);
        foreach ((SettingGroup group, string title, string text) in Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{text}\n");
            foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => setting.IsAvailable && setting.Group == group))
                WriteSetting(page, setting);
        }

        page.Append(Contradictions);
        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => !setting.IsAvailable))
        {
            string accepted = setting.Default.Length == 0 ? "–" : $"`{setting.Default}`";
            page.Append(CultureInfo.InvariantCulture, $"| `{setting.PublicName}` | {accepted} | {setting.Meaning} | {setting.Instead} |\n");
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Anchor of its heading; two are named like their section, which comes first.</summary>
    public static string AnchorOf(SettingDescriptor setting)
    {
        string anchor = setting.PublicName.ToLowerInvariant();
        return Sections.Any(section => section.Title == setting.PublicName) ? anchor + "-1" : anchor;
    }

    private static void WriteSetting(StringBuilder page, SettingDescriptor setting)
    {
        string standard = setting.Default.Length == 0 ? setting.DefaultMeaning : $"`{setting.Default}`";
        page.Append(CultureInfo.InvariantCulture, $"\n### {setting.PublicName}\n\n{setting.Meaning}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"- Values: {Values(setting.Kind)}\n- Default: {standard}\n");
        if (setting.Kind is Choice { Planned.Count: > 0 } choice)
            page.Append(CultureInfo.InvariantCulture, $"- Not in this version: {Words(choice.Planned)}\n");
    }

    private static string Values(SettingKind kind) => kind is Choice choice ? Words(choice.Available) : kind.Allowed;

    private static string Words(IReadOnlyList<string> words) => string.Join(", ", words.Select(word => $"`{word}`"));
}
