namespace QuantBuild.Generation.CSharp;

/// <summary>A class of ours that generated code gets a copy of, so that it needs nothing of ours.</summary>
internal static class EmbeddedSource
{
    /// <param name="type">Its file, named so, is a resource: a header, then the class with its documentation up to the end.</param>
    /// <returns>The class as a private one.</returns>
    public static string PrivateClass(string type)
    {
        using Stream stream = typeof(EmbeddedSource).Assembly.GetManifestResourceStream(type + ".cs")
            ?? throw new InvalidOperationException($"The assembly lacks the source '{type}.cs'.");
        using var reader = new StreamReader(stream);
        string source = reader.ReadToEnd().ReplaceLineEndings("\n");
        return source[source.IndexOf("/// <summary>", StringComparison.Ordinal)..]
            .TrimEnd('\n')
            .Replace($"\ninternal sealed class {type}", $"\nprivate sealed class {type}", StringComparison.Ordinal)
            .Replace($"\ninternal static class {type}", $"\nprivate static class {type}", StringComparison.Ordinal);
    }
}
