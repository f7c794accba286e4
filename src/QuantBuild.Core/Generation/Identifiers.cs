using System.Globalization;
using System.Text;

namespace QuantBuild.Generation;

/// <summary>
/// Makes identifiers of names in a model, which may be any string. Only ASCII letters and digits get through, everything else separates
/// words; so the result never starts with an underscore, which is left to private members, and is an identifier of every language unless it
/// is a keyword there.
/// </summary>
internal static class Identifiers
{
    /// <summary>Longer names are cut; long enough for every name that a person would type.</summary>
    private const int LongestName = 64;

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

    /// <summary>A number as a part of a name.</summary>
    public static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether anything of the name gets into an identifier.</summary>
    public static bool HasWords(string name) => name.Any(char.IsAsciiLetterOrDigit);

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
