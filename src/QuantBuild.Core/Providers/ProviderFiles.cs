using QuantBuild.Settings;

namespace QuantBuild.Providers;

/// <summary>The files that decide what a class of the user gives.</summary>
internal static class ProviderFiles
{
    /// <summary>The assembly first, then those that it needs, directly or through others, and that lie beside it; and the list of its packages. Ordered.</summary>
    public static IReadOnlyList<string> Of(ProviderReference provider)
    {
        string folder = Path.GetDirectoryName(provider.Assembly)!;
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([provider.Assembly]);
        while (open.TryDequeue(out string? path))
            foreach (string name in ProviderMetadata.ReferencesOf(path))
                if (Path.Combine(folder, name + ".dll") is var beside && beside != provider.Assembly && File.Exists(beside) && found.Add(beside))
                    open.Enqueue(beside);
        string packages = Path.ChangeExtension(provider.Assembly, ".deps.json");
        return [provider.Assembly, .. found, .. File.Exists(packages) ? [packages] : Array.Empty<string>()];
    }
}
