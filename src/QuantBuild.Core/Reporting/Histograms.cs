namespace QuantBuild.Reporting;

/// <summary>Makes the coarse histograms of a report.</summary>
internal static class Histograms
{
    public const int MostBins = 64;

    /// <summary>Activations, and weights, that have a histogram: those of most values. Others would make the report of a large model a burden.</summary>
    public const int MostTensors = 200;
}
