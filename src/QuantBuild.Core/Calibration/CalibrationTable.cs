using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>What the calibration samples showed of every activation that is to be quantized.</summary>
/// <param name="Activations">By name of the value. What is tied is seen as what it is tied to.</param>
/// <param name="NotFinite">Values that held <c>NaN</c> or <c>infinite values</c>; their histograms are of no use.</param>
/// <param name="SampleCount">Samples that were seen.</param>
internal sealed record CalibrationTable(
    IReadOnlyDictionary<string, StreamingHistogram> Activations, IReadOnlyDictionary<string, string> NotFinite, long SampleCount);
