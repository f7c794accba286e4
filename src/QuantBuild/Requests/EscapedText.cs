using System.Globalization;
using System.Linq;

namespace QuantBuild.Tasks.Requests;

/// <summary>Text as MSBuild's own: the characters that mean something to it become <c>%xx</c>, so that paths survive being items.</summary>
internal static class EscapedText
{
    private const string Special = "%*?@$();'";

    public static string Escape(string text) => text.Any(character => Special.IndexOf(character) >= 0)
        ? string.Concat(text.Select(character => Special.IndexOf(character) >= 0
            ? "%" + ((int)character).ToString("x2", CultureInfo.InvariantCulture)
            : character.ToString()))
        : text;
}
