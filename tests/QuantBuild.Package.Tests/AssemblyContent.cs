using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace QuantBuild.Package.Tests;

/// <summary>What an assembly holds, read without loading it.</summary>
internal sealed record AssemblyContent(IReadOnlyList<string> Resources, IReadOnlyList<string> Types)
{
    public static AssemblyContent Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Of(file);
    }

    public static AssemblyContent Of(Stream assembly)
    {
        using var image = new PEReader(assembly, PEStreamOptions.PrefetchEntireImage);
        MetadataReader metadata = image.GetMetadataReader();
        return new(
            [.. metadata.ManifestResources.Select(metadata.GetManifestResource)
                .Select(resource => metadata.GetString(resource.Name)).Order(StringComparer.Ordinal)],
            [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").Order(StringComparer.Ordinal)]);
    }
}
