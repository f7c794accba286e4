using System.Text.Json;

namespace QuantBuild.Locking;

/// <summary>What the lock file would record of a model, kept beside the model for builds that have nothing to quantize.</summary>
internal static class LockEntryFile
{
    public static byte[] ToBytes(LockEntry entry) => LockJson.Readable(entry);

    /// <returns>Null when there is none that can be read.</returns>
    public static LockEntry? Read(string path)
    {
        try
        {
            LockEntry? entry = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), LockJson.Default.LockEntry) : null;
            return entry is { IsComplete: true } ? entry.Sorted() : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
