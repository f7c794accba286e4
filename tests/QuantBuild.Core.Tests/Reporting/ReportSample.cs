using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

/// <summary>A report in which every field has a value.</summary>
internal static class ReportSample
{
    public static QuantizationReport Report { get; } = new(
        1,
        "Models/größe.onnx",
        "QuantBuild 0.1.0",
        "ONNX Runtime 1.29.0",
        "x64-avx512-vnni",
        FromCache: false,
        new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Gate"] = "Error", ["Scheme"] = "Static" },
        new SizeReport(204_800, 61_440, 0.3, 50_176),
        new AccuracyReport("Top1", 0.985, 0.9825, 0.0025, [-0.001, 0.006], 31.25, 250, 0.01, 0.9, true),
        new KernelReport(4, 3, 0.9875, new WeightedReport(6, 2, 1, 1, 1, 1), 0.4321),
        [
            new NodeReport("conv<1>", "Conv", "integers", null, 33.5, "int8"),
            new NodeReport("soft", "Softmax", "float", "the runtime has no integer kernel for this operator", null),
            new NodeReport("words", "Gather", "float", "it looks up rows", null, "float16", "8 bits keep 12.5 dB only"),
        ],
        "attention_mask",
        [new ActivationReport("x", "UInt8", 0.015625f, 128, -2, 1.984375f, null), new ActivationReport("y", "UInt8", 0.1f, 0, null, null, "x")],
        [new WeightReport("w", "Int8", 0, [0.5f, 1e-8f])],
        [new RecoveryReport("SmoothQuant", false, null, null), new RecoveryReport("Rounding", true, 31.5, 34.25)],
        [new PassReport("FoldConstants", 2, ["add: its input is not constant"])],
        [new StageReport("load", 1.5)],
        123_456_789);
}
