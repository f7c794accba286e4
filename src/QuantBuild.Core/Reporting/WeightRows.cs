namespace QuantBuild.Reporting;

/// <summary>The weights that are stored as codes.</summary>
internal static class WeightRows
{
    /// <summary>More than these are counted and not listed, where a weight has a scale for every block of it.</summary>
    public const int MostScales = 1024;
}
