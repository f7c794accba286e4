using System.Security.Cryptography;
using System.Text;

namespace QuantBuild.Caching;

/// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
internal static class ContentHash
{
    public const int Digits = 64;

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string OfFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
