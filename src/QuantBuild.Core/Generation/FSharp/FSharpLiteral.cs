using System.Globalization;

namespace QuantBuild.Generation.FSharp;

/// <summary>Writes values as F# literals.</summary>
internal static class FSharpLiteral
{
    /// <inheritdoc cref="EscapedString.Of"/>
    public static string Of(string value) => EscapedString.Of(value);

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture) + "L";

    /// <summary>An array of strings.</summary>
    public static string ArrayOf(IEnumerable<string> values) => $"[| {string.Join("; ", values.Select(Of))} |]";
}
