using System.Globalization;

namespace QuantBuild.Generation;

/// <summary>Writes numbers with a fraction, as all three languages read them.</summary>
internal static class DecimalLiteral
{
    /// <param name="notANumber">How the language calls it.</param>
    public static string Of(double value, string notANumber)
    {
        if (double.IsNaN(value))
            return notANumber;
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
