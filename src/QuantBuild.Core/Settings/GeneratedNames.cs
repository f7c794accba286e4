using System.Globalization;
using System.Text;

namespace QuantBuild.Settings;

/// <summary>Names of the generated code: made from file names, or checked when the user chose them.</summary>
internal static class GeneratedNames
{
    /// <summary>Name of a class whose file name has no letter and no digit.</summary>
    private const string Nameless = "Model";

    /// <summary>A class cannot have the name of its own member (CS0542).</summary>
    private static readonly string[] Members = ["Load", "Run", "Dispose"];

    /// <summary>C# language reference, "C# Keywords".</summary>
    private static readonly string[] Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte",
        "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof",
        "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary>Contextual keywords that the compiler refuses as names of types (CS8773 and following), or reads otherwise where a type is named.</summary>
    private static readonly string[] NoTypeNames =
    [
        "_", "allows", "async", "await", "dynamic", "extension", "field", "file", "managed", "nint", "notnull", "nuint", "partial",
        "record", "required", "scoped", "unmanaged", "var", "where", "yield",
    ];

    /// <summary>Pascal case of the letters and digits of a file name: <c>fashion-mobilenet</c> gives <c>FashionMobilenet</c>, <c>1x</c> gives <c>_1x</c>.</summary>
    public static string ClassNameOf(string fileNameWithoutExtension)
    {
        StringBuilder name = new();
        bool startsWord = true;
        foreach (char character in fileNameWithoutExtension.Normalize(NormalizationForm.FormC))
        {
            bool belongs = character != '_' && IsPart(character);
            if (belongs)
                name.Append(startsWord ? char.ToUpperInvariant(character) : character);
            startsWord = !belongs;
        }

        if (name.Length == 0)
            return Nameless;
        if (!IsStart(name[0]))
            name.Insert(0, '_');
        string pascal = name.ToString();
        return IsClassName(pascal) ? pascal : pascal + Nameless;
    }

    /// <summary>MSBuild's default root namespace is the project's name, which may be none: <c>my-app.1</c> gives <c>my_app._1</c>.</summary>
    public static string NamespaceOf(string rootNamespace) =>
        string.Join('.', rootNamespace.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(PartOf));

    public static bool IsClassName(string name) =>
        IsIdentifier(name) && !NoTypeNames.Contains(name, StringComparer.Ordinal) && !Members.Contains(name, StringComparer.Ordinal);

    public static bool IsNamespace(string name) => name.Split('.').All(IsIdentifier);

    /// <summary>The type that the code of both classes would declare, as each comes with its record of outputs; null when there is none.</summary>
    public static string? Common(string className, string otherClassName) =>
        TypesOf(className).Intersect(TypesOf(otherClassName), StringComparer.Ordinal).FirstOrDefault();

    private static string[] TypesOf(string className) => [className, className + "Output"];

    private static string PartOf(string part)
    {
        string name = string.Concat(part.Select(character => IsPart(character) ? character : '_'));
        return IsIdentifier(name) ? name : "_" + name;
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && IsStart(name[0]) && name.All(IsPart) && !Keywords.Contains(name, StringComparer.Ordinal);

    private static bool IsStart(char character) => character == '_' || char.IsLetter(character) || IsLetterNumber(character);

    /// <summary>Formatting characters, which C# allows but ignores in comparisons, are left out.</summary>
    private static bool IsPart(char character) =>
        IsStart(character) || char.GetUnicodeCategory(character)
            is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsLetterNumber(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.LetterNumber;
}
