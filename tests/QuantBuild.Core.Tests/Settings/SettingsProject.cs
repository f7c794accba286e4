using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

/// <summary>A project directory on disk and what its author wrote, in the few words that a test needs.</summary>
internal sealed class SettingsProject : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("quantbuild-settings-").FullName;
    private readonly List<SettingText> properties = [];
    private readonly List<ModelRequest> models = [];

    public string RootNamespace { get; init; } = "Shop";

    public string Language { get; init; } = "C#";

    public DiagnosticBag Problems { get; } = new();

    public IReadOnlyList<string> Codes => [.. Problems.Diagnostics.Select(problem => problem.Code)];

    public Diagnostic OnlyProblem => Problems.Diagnostics.Single();

    public string PathOf(string relative) => Path.Combine(directory, relative.Replace('/', Path.DirectorySeparatorChar));

    public SettingsProject WithFile(string relative)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), []);
        return this;
    }

    public SettingsProject WithProperty(string name, string value)
    {
        properties.Add(new SettingText(name, value));
        return this;
    }

    /// <summary>A model that exists.</summary>
    public SettingsProject WithModel(string include, params (string Name, string Value)[] metadata) =>
        WithFile(include).WithMissingModel(include, metadata);

    public SettingsProject WithMissingModel(string include, params (string Name, string Value)[] metadata)
    {
        models.Add(new ModelRequest(
            include,
            PathOf(include),
            Path.GetFileNameWithoutExtension(include),
            [.. metadata.Select(text => new SettingText(text.Name, text.Value))]));
        return this;
    }

    /// <summary>One item with the variants that the task made of it.</summary>
    public SettingsProject WithVariants(string include, string[] variants, params (string Name, string Value)[] metadata)
    {
        WithModel(include, metadata);
        ModelRequest item = models[^1];
        models.Remove(item);
        string family = Path.ChangeExtension(include, null).Replace("/", "-", StringComparison.Ordinal);
        models.AddRange(variants.Select(variant => item with { Name = $"{family}.{variant}", Variant = variant, Family = family }));
        return this;
    }

    public IReadOnlyList<QuantizationSettings> Resolve() => SettingsResolver.Resolve(
        new ProjectRequest(directory, PathOf("obj"), RootNamespace, Language, properties, models), Problems);

    /// <summary>Resolves a project in which nothing may be wrong.</summary>
    public QuantizationSettings ResolveOnly()
    {
        QuantizationSettings settings = Resolve().Single();
        Assert.IsEmpty(Problems.Diagnostics, string.Join('\n', Problems.Diagnostics));
        return settings;
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
