using System.Text;

namespace QuantBuild.Generation;

/// <summary>
/// Makes C# identifiers of names in a model, which may be any string. Only ASCII letters and digits get through, everything else separates
/// words; so the result never starts with an underscore, which is left to private members.
/// </summary>
internal static class Identifiers
{
    /// <summary>Longer names are cut; long enough for every name that a person would type.</summary>
    private const int LongestName = 64;

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

    /// <summary><c>input_ids</c> → <c>InputIds</c>.</summary>
    /// <param name="noun">Comes before a name that starts with a digit, and instead of one that has nothing to show: <c>Output</c>.</param>
    public static string PascalCase(string name, string noun)
    {
        string identifier = JoinWords(name);
        return identifier.Length == 0 || char.IsAsciiDigit(identifier[0]) ? noun + identifier : identifier;
    }

    /// <summary><c>input_ids</c> → <c>inputIds</c>, <c>IMAGE</c> → <c>image</c>; otherwise as <see cref="PascalCase"/>.</summary>
    public static string CamelCase(string name, string noun)
    {
        string identifier = PascalCase(name, noun);
        return name.Any(char.IsAsciiLetterLower)
            ? char.ToLowerInvariant(identifier[0]) + identifier[1..]
            : identifier.ToLowerInvariant();
    }

    /// <summary>Whether anything of the name gets into an identifier.</summary>
    public static bool HasWords(string name) => name.Any(char.IsAsciiLetterOrDigit);

    /// <summary>The identifier as the source has it: a keyword gets its <c>@</c>.</summary>
    public static string Escape(string identifier) => keywords.Contains(identifier) ? "@" + identifier : identifier;

    /// <summary>Whether a name that a user chose can name a type: letters of any script, digits and underscores, no digit first.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && name.All(character => char.IsLetterOrDigit(character) || character == '_');

    private static string JoinWords(string name)
    {
        StringBuilder identifier = new();
        bool startsWord = true;
        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character))
            {
                startsWord = true;
                continue;
            }
            if (identifier.Length == LongestName)
                break;
            identifier.Append(startsWord ? char.ToUpperInvariant(character) : character);
            startsWord = false;
        }
        return identifier.ToString();
    }
}
