using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantBuild.Locking;

/// <summary>The lock file of a project: one entry per model, sorted, one fact a line, the same text on every machine.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="Models">By the item's path, with the target framework behind it where there are several.</param>
internal sealed record LockFile(int Schema, SortedDictionary<string, LockEntry> Models)
{
    public const int CurrentSchema = 1;

    /// <summary>Real ones have some kilobytes for every model.</summary>
    private const long LargestBytes = 64L << 20;

    public static LockFile Empty => new(CurrentSchema, new SortedDictionary<string, LockEntry>(StringComparer.Ordinal));

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or written by a later version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LockFile? Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            return null;
        if (info.Length > LargestBytes)
            throw new InvalidDataException("it is too large");
        byte[] bytes = File.ReadAllBytes(path);
        if (Encoding.UTF8.GetString(bytes).Contains("\n<<<<<<<", StringComparison.Ordinal))
            throw new InvalidDataException("it holds the marks of a merge conflict");
        try
        {
            LockFile file = JsonSerializer.Deserialize(WithoutMark(bytes), LockJson.Default.LockFile) ?? throw new InvalidDataException("it is empty");
            if (file.Schema != CurrentSchema)
                throw new InvalidDataException($"it has the schema {file.Schema}, and this version knows {CurrentSchema}");
            return file.Models.FirstOrDefault(model => model.Value is not { IsComplete: true }) is { Key: { } name }
                ? throw new InvalidDataException($"it is damaged: '{name}' lacks a value")
                : new LockFile(file.Schema, Sorted(file.Models));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"it is damaged: {exception.Message}", exception);
        }
    }

    public byte[] ToBytes() => [.. LockJson.Readable(this), (byte)'\n'];

    /// <summary>Some editors put a byte order mark before what they save.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    private static SortedDictionary<string, LockEntry> Sorted(SortedDictionary<string, LockEntry> models) =>
        new(models.ToDictionary(model => model.Key, model => model.Value.Sorted()), StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LockFile))]
[JsonSerializable(typeof(LockEntry))]
internal sealed partial class LockJson : JsonSerializerContext
{
    public static byte[] Readable(LockFile file) => JsonSerializer.SerializeToUtf8Bytes(file, Relaxed().LockFile);

    public static byte[] Readable(LockEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Relaxed().LockEntry);

    /// <remarks>Names of nodes stay readable; the file becomes part of no web page.</remarks>
    private static LockJson Relaxed() =>
        new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
