using System.Globalization;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes values as C# literals.</summary>
internal static class CSharpLiteral
{
    /// <inheritdoc cref="EscapedString.Of"/>
    public static string Of(string value) => EscapedString.Of(value);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The initializer of an array of strings.</summary>
    public static string ArrayOf(IEnumerable<string> values) => "{ " + string.Join(", ", values.Select(Of)) + " }";
}
