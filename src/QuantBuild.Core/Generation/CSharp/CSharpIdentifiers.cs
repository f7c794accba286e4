namespace QuantBuild.Generation.CSharp;

/// <summary>Lets keywords of C# be identifiers.</summary>
internal static class CSharpIdentifiers
{
    // C# 14 specification §6.4.4. Contextual keywords are escaped too: some of them cannot name a type.
    private static readonly HashSet<string> keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void",
        "volatile", "while",
        "__arglist", "__makeref", "__reftype", "__refvalue",
        "add", "alias", "allows", "and", "ascending", "async", "await", "by", "descending", "dynamic", "equals", "extension",
        "field", "file", "from", "get", "global", "group", "init", "into", "join", "let", "managed", "nameof", "nint", "not",
        "notnull", "nuint", "on", "or", "orderby", "partial", "record", "remove", "required", "scoped", "select", "set",
        "unmanaged", "value", "var", "when", "where", "with", "yield",
    };

    /// <summary>The identifier as the source has it: a keyword gets its <c>@</c>.</summary>
    public static string Escape(string identifier) => keywords.Contains(identifier) ? "@" + identifier : identifier;
}
