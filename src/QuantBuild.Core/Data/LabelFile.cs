using System.Text;
using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>A text file with the names of the classes, one a line, in the order of their numbers.</summary>
internal static class LabelFile
{
    /// <summary>The largest sets of classes in use have some 22,000; ten times that, and names as long as sentences, are a mistake.</summary>
    private const int MostClasses = 250_000;

    private const int LongestName = 1_000;

    private const long LargestBytes = 64L << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">Absolute.</param>
    /// <param name="displayPath">As the user wrote it, for messages.</param>
    /// <exception cref="QuantBuildException">QB4016: not a list of names; the message says why.</exception>
    public static IReadOnlyList<string> Read(string path, string displayPath, DiagnosticOrigin? origin)
    {
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
                throw Problem($"it has {new FileInfo(path).Length} bytes; a list of names has at most {LargestBytes}");
            return Names(File.ReadAllBytes(path), Problem);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Problem(cause.Message);
        }

        QuantBuildException Problem(string why) => new(DiagnosticCatalogue.InvalidClassNames.At(origin, displayPath, TextLine.Of(why)));
    }

    private static List<string> Names(ReadOnlySpan<byte> bytes, Func<string, QuantBuildException> problem)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw problem("it is not text in UTF-8");
        }

        string[] lines = text.Split('\n');
        var names = new List<string>(lines.Length);
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            string name = lines[i].Trim();
            if (name.Length == 0)
            {
                if (lines.Skip(i).All(string.IsNullOrWhiteSpace))
                    break;
                throw problem($"line {i + 1} is empty, so that the classes after it would have other numbers");
            }
            if (name.Length > LongestName)
                throw problem($"line {i + 1} has {name.Length} characters; a name has at most {LongestName}");
            if (name.Any(char.IsControl))
                throw problem($"line {i + 1} holds control characters; a file of names is plain text");
            if (!lineOf.TryAdd(name, i + 1))
                throw problem($"lines {lineOf[name]} and {i + 1} both name '{name}'");
            if (names.Count == MostClasses)
                throw problem($"it names more than {MostClasses} classes");
            names.Add(name);
        }
        return names.Count > 0 ? names : throw problem("it names no class");
    }
}
