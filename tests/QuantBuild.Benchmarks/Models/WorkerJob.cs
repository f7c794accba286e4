namespace QuantBuild.Benchmarks.Models;

/// <summary>What the worker is asked for.</summary>
/// <param name="Name">Of this way of quantizing the model: the folder that its outputs go to.</param>
/// <param name="ValidationPath">Null: a part of the calibration data is held out.</param>
/// <param name="Settings">Beside the data.</param>
internal sealed record WorkerJob(
    string Model, string Name, string FloatPath, string CalibrationPath, string? ValidationPath, IReadOnlyDictionary<string, string> Settings);
