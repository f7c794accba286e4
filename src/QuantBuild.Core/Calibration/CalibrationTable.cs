using QuantBuild.Numerics;

namespace QuantBuild.Calibration;

/// <summary>What the calibration samples showed of every activation that is to be quantized.</summary>
/// <param name="Activations">By name of the value.</param>
/// <param name="SampleCount">Samples that were seen.</param>
internal sealed record CalibrationTable(IReadOnlyDictionary<string, StreamingHistogram> Activations, long SampleCount);
