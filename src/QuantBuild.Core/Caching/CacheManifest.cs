using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Caching;

/// <summary>What an entry consists of; written last, so that an entry without it is none.</summary>
/// <param name="Schema">Version of this layout.</param>
internal sealed record CacheManifest(int Schema, IReadOnlyList<CachePart> Parts, IReadOnlyList<CachedFile> Files)
{
    public const string FileName = "manifest.json";

    public const int CurrentSchema = 1;

    /// <summary>A manifest of any size would be read into memory; real ones have a few kilobytes.</summary>
    private const long LargestBytes = 1 << 20;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CacheJson.Default.CacheManifest);

    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CacheManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (new FileInfo(path).Length > LargestBytes)
            throw new InvalidDataException($"its {FileName} is too large");
        try
        {
            CacheManifest manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), CacheJson.Default.CacheManifest)
                ?? throw new InvalidDataException($"its {FileName} is empty");
            if (manifest.Schema != CurrentSchema)
                throw new InvalidDataException($"its {FileName} has the schema {manifest.Schema}");
            return manifest.Parts.Any(part => part is null) || manifest.Files.Any(file => file is null)
                ? throw new InvalidDataException($"its {FileName} lacks a value")
                : manifest;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"its {FileName} is damaged", exception);
        }
    }

    /// <summary>Compares every file with what was written.</summary>
    /// <exception cref="InvalidDataException">One is missing or not what it was.</exception>
    public void Verify(string folder)
    {
        foreach (CachedFile file in Files)
        {
            string path = Path.Combine(folder, file.Name);
            if (Path.GetFileName(file.Name) != file.Name || !File.Exists(path))
                throw new InvalidDataException($"'{file.Name}' is missing");
            if (new FileInfo(path).Length != file.Length || ContentHash.OfFile(path) != file.Sha256)
                throw new InvalidDataException($"'{file.Name}' is not what was written");
        }
    }
}

/// <param name="Name">A plain file name.</param>
internal sealed record CachedFile(string Name, long Length, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CacheManifest))]
internal sealed partial class CacheJson : JsonSerializerContext;
