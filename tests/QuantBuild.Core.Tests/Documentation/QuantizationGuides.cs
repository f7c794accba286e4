using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about what becomes integer, and how accurate that is.</summary>
internal static class QuantizationGuides
{
    private const string Model = "Models/fashion.onnx";

    private const string Layers = "Lowest signal-to-noise ratio: 'Conv_3' (Conv, 8.1 dB), 'Gemm_7' (Gemm, 14.9 dB).";

    private const string Measured = Layers
        + " Keeping 'Conv_3' and 'Gemm_7' in float was measured: top-1 accuracy 94.20 %, a drop of 0.40 points (MaxAccuracyDrop allows 1.00 points), 1.9 MB instead of 1.6 MB. "
        + "To do so, write on the item: ExcludedNodes=\"Conv_3;Gemm_7\"";

    /// <summary>How the figures in the message came about.</summary>
    internal const string Trial = " Before the build fails, up to eight nodes that add most errors are tried: each alone in float, on calibration samples that were held out. The "
        + "model without the best three is then made as a build makes it and measured on the validation samples, so that the line in the message is not a guess. It holds the "
        + "names that `ExcludedNodes` has already, with the characters that XML and MSBuild would read otherwise as `&quot;` and `%25`. Where it is not enough, the message says "
        + "by how much, and what to try next. After a search (`Scheme=Auto`) it names the nearest candidates and what each would need instead.";

    private const string GateOrder = """
        Try in this order:

        1. Look at the data. Samples that are preprocessed otherwise than in the program, or of few kinds only, are the most frequent reason.
        2. Paste the line that the message ends with. Often one node is enough, and the rest stays small and fast.
        3. Choose a gentler scheme: `WeightOnly`, or `Float16`, which is nearly exact.
        4. Raise the limit, if the program can live with what was measured.


        """;

    private static readonly string[] Limits = ["Gate", "Metric", "MaxAccuracyDrop", "MinAccuracy", "ExcludedNodes"];

    private static readonly string Excluding = Project("""
        <QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" ExcludedNodes="Conv_3;Gemm_7" />
        """);

    public static readonly DiagnosticGuide[] All =
    [
        new("QB5001", [Model, "Add, Relu: no node around it runs in integers", ""], ["Scheme", "ExcludedNodes", "ExcludedOperators"])
        {
            Background = "What is quantized are layers with weights: convolutions, matrix products, recurrent layers. A model of other operators alone gains nothing.",
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" Scheme="WeightOnly" />"""),
        },
        new("QB5002", [Model, "node", "conv_3", " Did you mean 'Conv_3'?"], ["ExcludedNodes", "ExcludedOperators"])
        {
            Background = "Names of nodes come from the exporter, and exporting again may change them.",
            Steps = Project("""
                <QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" ExcludedNodes="Conv_3" />
                <QuantizeModel Include="Models/text.onnx" CalibrationData="Data/text.npz" ExcludedOperators="MatMul" />
                """),
        },
        new("QB5003", ["/attention/Softmax_output", " and 2 more"], ["CalibrationData", "ExcludedNodes"])
        {
            Steps = "Run the float model on the samples and look for the first that gives NaN. Where an attention mask is part of the input, no row of it may be all zeros.",
        },
        new("QB5004", [Model, 7, 24, "3m"], ["TimeBudget", "SearchMethod", "QuantBuildLockFile"])
        {
            Background = "The number of candidates follows from a table of costs and not from a clock, because two machines would otherwise ship two models. A build that is "
                + "stopped is the exception; its result is not what other machines get, and the lock file records it as it is.",
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" MaxAccuracyDrop="0.01" TimeBudget="1m" />""")
                + "\n\nOn a machine that only builds, with the lock file of another one:\n\n" + Shell("git add quantbuild.lock.json"),
        },
        new("QB5005", [Model, "TargetProfile", "Machine"], ["TargetProfile", "QuantBuildLockFile"])
        {
            Background = "The time of some products, convolutions and conversions, each in float and in integers, is what the table of the profile is made of. A figure is a median, and "
                + "still another one in the next build; a choice that is close can tip.",
            Steps = "Build once on a quiet machine of the kind that the model is for, and commit what that build writes:\n\n" + Shell("git add quantbuild.lock.json"),
        },
        new("QB6001", ["Conv_3", "Conv", "ONNX Runtime 1.29.0", "QLinearConv"], ["ExcludedNodes", "Objective"]) { Steps = Excluding },
        new("QB6002", [Model, "Type Error"], ["ExcludedNodes", "Scheme"]) { Steps = Excluding },
        new("QB6003", [Model, 2415919104, 2147483647], ["Embed"])
        {
            Steps = Project("""<QuantizeModel Include="Models/large.onnx" Embed="false" />""")
                + "\n\nThe model is then copied to the output folder and published with the program; the generated class finds it there.",
        },
        new("QB7001", [Model, "top-1 accuracy", "94.60 %", "91.20 %", "3.40 points", "1.00 points", Measured, "fell", "drop"], Limits)
        {
            Background = "Float and quantized model ran over the same samples. The build leaves no assembly; the refused model is kept in the `obj` folder as "
                + "`NAME.rejected.onnx`, with its report. The nodes named are those in which most of the signal is lost. With `Gate=Warning` this is a warning, and the model is used."
                + Trial,
            Steps = GateOrder + Excluding,
        },
        new("QB7002", [Model, "top-1 accuracy", "94.60 %", "91.20 %", "3.40 points", "92.00 %", Layers], Limits)
        {
            Background = "When the float model does not reach the minimum either, quantization is not the reason, and a limit on the loss (`MaxAccuracyDrop`) is the better "
                + "guard. With `Gate=Warning` this is a warning, and the model is used." + Trial,
            Steps = GateOrder + Excluding,
        },
        new("QB7003", [Model, "0.80 points", "0.01", "1.90 points", 250], ["MaxAccuracyDrop", "ValidationData"])
        {
            Background = "Accuracy on a few hundred samples is an estimate. The interval is where the true drop lies with a probability of 95 %; it shrinks by half with four times the samples. Two models that agree on every one of a few samples are not known to be equal: with n samples the interval of top-1 reaches at least 2.8/(n + 2) beyond the drop, one point with 280 samples. A limit of 0 asks about these samples only and is never undecided.",
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" ValidationData="Data/validation.npz" />"""),
        },
        new("QB7004", [Model, "'label' int64 [N]"], ["Gate", "Metric"])
        {
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" Gate="Off" />""")
                + "\n\nModels of scikit-learn give their probabilities as a tensor when they are exported with `options={\"zipmap\": False}`.",
        },
        new("QB7005", [Model, "top-1 accuracy", "94.60 %", "61.20 %", Layers, "fell"], Limits)
        {
            Steps = Project("""
                <PropertyGroup>
                  <QuantBuildMaxAccuracyDrop>0.01</QuantBuildMaxAccuracyDrop>
                </PropertyGroup>
                """),
        },
        new("QB7006", [Model, 26, 250, 10], ["Metric", "ValidationData", "CalibrationData"])
        {
            Steps = Python("""
                outputs, = onnxruntime.InferenceSession("fashion.onnx").run(None, {"image": images})
                print((outputs.argmax(axis=1) == labels).mean())    # has to be what training reported
                """),
        },
        new("QB7010", [Model, 2_431_977, 2_000_000], ["MaxModelSize", "Scheme", "TimeBudget", "WeightType", "Gate"])
        {
            Background = "The size is that of the ONNX file, with weights that lie in a file of their own. `Compression=Brotli` makes the assembly smaller and not the model, so that it "
                + "changes nothing here. With `Gate=Warning` this is a warning, and the model is used.",
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" MaxModelSize="2000000" MaxAccuracyDrop="0.02" />""")
                + "\n\nor fewer bits everywhere:\n\n"
                + Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" MaxModelSize="2000000" WeightType="Int4" />"""),
        },
        new("QB7011", [Model, "1.12", "0.8"], ["MaxSlowdown", "Objective", "Scheme", "TargetProfile", "Gate"])
        {
            Background = "Nothing is timed during a build. The estimate adds up what each operator costs by the measurements of `TargetProfile`, conversions included; the report has "
                + "it as `estimatedCost`. Small models gain little from integers, because conversions take what the kernels save. With `Gate=Warning` this is a warning.",
            Steps = Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" MaxSlowdown="0.8" Objective="Latency" />"""),
        },
    ];
}
