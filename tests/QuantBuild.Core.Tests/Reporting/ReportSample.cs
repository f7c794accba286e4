using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

/// <summary>A report in which every field has a value.</summary>
internal static class ReportSample
{
    public static QuantizationReport Report { get; } = new(
        2,
        "Models/größe.onnx",
        "QuantBuild 0.1.0",
        "ONNX Runtime 1.29.0",
        "x64-avx512-vnni",
        FromCache: false,
        new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Gate"] = "Error", ["Scheme"] = "Static" },
        new SizeReport(204_800, 61_440, 0.3, 50_176),
        new AccuracyReport("Top1", 0.985, 0.9825, 0.0025, [-0.001, 0.006], 31.25, 250, 0.01, 0.9, true, Slices:
        [
            new SliceReport("boot <ankle>", 120, 0.99, 0.975, 0.015, [-0.002, 0.03]), new SliceReport("empty", 0, null, null, null, [null, null]),
        ]),
        new KernelReport(4, 3, 0.9875, new WeightedReport(6, 2, 1, 1, 1, 1), 0.4321),
        [
            new NodeReport("conv<1>", "Conv", "integers", null, 33.5, "int8", null, 1_152),
            new NodeReport("soft", "Softmax", "float", "the runtime has no integer kernel for this operator", null),
            new NodeReport("words", "Gather", "float", "it looks up rows", null, "float16", "8 bits keep 12.5 dB only"),
        ],
        "attention_mask",
        [
            new ActivationReport("x", "UInt8", 0.015625f, 128, -2, 1.984375f, null, new HistogramReport(-2, 2, [3, 40, 700, 60])),
            new ActivationReport("y", "UInt8", 0.1f, 0, null, null, "x"),
        ],
        [
            new WeightReport("w", "Int8", 0, [0.5f, 1e-8f], null, 1_024, 2, 41.5, new HistogramReport(-1, 1, [5, 9, 4]), new HistogramReport(-1, 1, [6, 8, 4], 2)),
            new WeightReport("few", "Int4", null, [], true, 1_024, 2_048),
        ],
        [new RecoveryReport("SmoothQuant", false, null, null), new RecoveryReport("Rounding", true, 31.5, 34.25)],
        [new PassReport("FoldConstants", 2, ["add: its input is not constant"])],
        [new StageReport("load", 1.5)],
        123_456_789,
        new SearchReport(
            "X64Vnni",
            "Evolutionary",
            12,
            2,
            StoppedByClock: true,
            5.5,
            [
                new CandidateReport("start", 61_440, 0.43, 30.5, 31.25, 0.0025, [-0.001, 0.006], true, true, true, Forms(8)),
                new CandidateReport("c1", 40_960, 0.4, null, 12.5, 0.08, null, false, false, false, Forms(4), "0.07 points less drop") { PredictedDrop = 0.05 },
            ],
            [new SensitivityReport("conv<1>", "integers 4 bits", 22.5, 576, true), new SensitivityReport("conv<1>", "integers 8 bits", null, 1_152, false)]),
        WrittenSettings: ["Scheme"]);

    private static SortedDictionary<string, int> Forms(int bits) => new(StringComparer.Ordinal) { [$"integers {bits} bits"] = 4 };
}
