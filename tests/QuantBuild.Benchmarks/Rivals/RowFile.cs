using System.Text.Encodings.Web;
using System.Text.Json;

namespace QuantBuild.Benchmarks.Rivals;

internal static class RowFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Rows as an array of JSON, and the table in a file of the same name that ends in <c>.md</c>.</summary>
    public static void Write<TRow>(string path, IReadOnlyList<TRow> rows, string table)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(rows, Json));
        File.WriteAllText(Path.ChangeExtension(path, ".md"), table);
    }
}
