using System.CommandLine;
using System.Text;
using QuantBuild.Settings;

namespace QuantBuild.Cli.CommandLine;

/// <summary>Settings as options of a command: every row of the catalogue that a command takes is one, and its help is made from the row.</summary>
internal sealed class SettingOptions
{
    /// <summary>What only a build has: generated code, what is embedded, files of the project.</summary>
    private static readonly SettingDescriptor[] OfBuildsOnly =
    [
        SettingCatalogue.Namespace, SettingCatalogue.ClassName, SettingCatalogue.Visibility, SettingCatalogue.Variants, SettingCatalogue.Enabled,
        SettingCatalogue.LockFile, SettingCatalogue.LockedMode, SettingCatalogue.Report, SettingCatalogue.EmbedInBinlog,
    ];

    private readonly List<(SettingDescriptor Setting, Option<string?> Option)> options = [];
    private readonly Option<string?> file = new("--settings")
    {
        Description = "JSON file with settings by name: {\"Scheme\": \"Static\", \"MaxAccuracyDrop\": 0.01}. Options go before it.",
        HelpName = "file.json",
    };

    /// <param name="wanted">Which settings the command takes.</param>
    public SettingOptions(Command command, Func<SettingDescriptor, bool> wanted)
    {
        command.Options.Add(file);
        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(IsOption).Where(wanted))
        {
            var option = new Option<string?>(NameOf(setting))
            {
                Description = HelpOf(setting),
                HelpName = PlaceholderOf(setting.Kind),
                Hidden = !setting.IsAvailable,
            };
            if (setting.Kind is Choice words)
                option.CompletionSources.Add([.. words.Available]);
            options.Add((setting, option));
            command.Options.Add(option);
        }
    }

    public static bool IsOption(SettingDescriptor setting) => !OfBuildsOnly.Contains(setting);

    /// <summary><c>CalibrationData</c> → <c>--calibration-data</c>.</summary>
    public static string NameOf(SettingDescriptor setting)
    {
        var name = new StringBuilder("-");
        foreach (char letter in setting.Name)
            name.Append(char.IsUpper(letter) ? "-" : "").Append(char.ToLowerInvariant(letter));
        return name.ToString();
    }

    /// <summary>The first sentence of what the documentation says, and the values where they are words.</summary>
    public static string HelpOf(SettingDescriptor setting)
    {
        int end = setting.Meaning.IndexOf(". ", StringComparison.Ordinal);
        string sentence = end < 0 ? setting.Meaning : setting.Meaning[..(end + 1)];
        string values = setting.Kind is Choice choice ? $" Values: {string.Join(", ", choice.Available)}." : "";
        return sentence.Replace("`", "", StringComparison.Ordinal) + values;
    }

    /// <summary>What is written in the file and on the command line, for one model. The command line goes before the file.</summary>
    /// <exception cref="UsageException">The file is no JSON object of settings.</exception>
    public WrittenOptions Read(ParseResult parse, Func<string, string> pathOf)
    {
        var written = new List<SettingText>();
        if (parse.GetValue(file) is { } path)
            written.AddRange(SettingsFile.Read(pathOf(path), path));
        foreach ((SettingDescriptor setting, Option<string?> option) in options)
            if (parse.GetResult(option) is { Implicit: false } && parse.GetValue(option) is { } value)
            {
                written.RemoveAll(text => IsName(setting, text.Name));
                written.Add(new SettingText(setting.Name, value));
            }
        return new WrittenOptions(written);
    }

    internal static bool IsName(SettingDescriptor setting, string name) =>
        name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(setting.PropertyName, StringComparison.OrdinalIgnoreCase);

    private static string PlaceholderOf(SettingKind kind) => kind switch
    {
        FilePath or FilePathOrFalse => "path",
        Choice { Available: ["true", "false"] } => "true|false",
        Amount or Count or Seed => "number",
        ByteCount => "bytes",
        _ => "value",
    };
}

/// <summary>Settings as a user wrote them, recognized later.</summary>
internal sealed record WrittenOptions(IReadOnlyList<SettingText> Texts)
{
    public bool Has(SettingDescriptor setting) => Texts.Any(text => SettingOptions.IsName(setting, text.Name) && text.Value.Trim().Length > 0);

    /// <returns>Null when it is not written.</returns>
    public string? ValueOf(SettingDescriptor setting) => Texts.LastOrDefault(text => SettingOptions.IsName(setting, text.Name))?.Value;

    public WrittenOptions With(SettingDescriptor setting, string value) =>
        new([.. Without(setting).Texts, new SettingText(setting.Name, value)]);

    public WrittenOptions Without(params IEnumerable<SettingDescriptor> settings) =>
        new([.. Texts.Where(text => !settings.Any(setting => SettingOptions.IsName(setting, text.Name)))]);

    /// <summary>Only those; of a file that serves several commands the rest is left alone.</summary>
    public WrittenOptions Only(Func<SettingDescriptor, bool> wanted) =>
        Without(SettingCatalogue.All.Where(setting => !wanted(setting)));

    /// <summary>Settings of the model; names that nobody knows are among them, so that they are told.</summary>
    public IReadOnlyList<SettingText> Metadata => [.. Texts.Where(text => ProjectSetting(text) is null)];

    /// <summary>Settings of the project, under the names of their properties.</summary>
    public IReadOnlyList<SettingText> Properties =>
        [.. Texts.Where(text => ProjectSetting(text) is not null).Select(text => text with { Name = ProjectSetting(text)!.PropertyName })];

    private static SettingDescriptor? ProjectSetting(SettingText text) =>
        SettingCatalogue.All.FirstOrDefault(setting => setting.Scope == SettingScope.Project && SettingOptions.IsName(setting, text.Name));
}
