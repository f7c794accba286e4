using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace QuantBuild.Tasks.Workers;

/// <summary>
/// Joins arguments into the one string that .NET Standard 2.0 takes, by the rules of Microsoft's C runtime, which .NET follows
/// on every system: quotes around blanks, a backslash before a quote, and backslashes before a quote doubled.
/// </summary>
internal static class CommandLine
{
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(character => !char.IsWhiteSpace(character) && character != '"'))
            return argument;

        var quoted = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char character in argument)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }

            quoted.Append('\\', character == '"' ? (2 * backslashes) + 1 : backslashes).Append(character);
            backslashes = 0;
        }

        return quoted.Append('\\', 2 * backslashes).Append('"').ToString();
    }
}
