using System.Globalization;

namespace QuantBuild.Inspection;

internal static class Percent
{
    /// <summary><c>25 %</c>, <c>0.4 %</c>.</summary>
    public static string Of(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
