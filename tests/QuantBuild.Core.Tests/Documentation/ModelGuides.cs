using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about the ONNX file and its preparation.</summary>
internal static class ModelGuides
{
    private const string Defect = "Until it is corrected, `Scheme=\"None\"` embeds the float model as it is, and the program keeps its class.";

    private static readonly string AsItIs = Project("""<QuantizeModel Include="Models/fashion.onnx" Scheme="None" />""");

    public static readonly DiagnosticGuide[] All =
    [
        new("QB2001", ["Models/fashion.onnx", "it is a pointer of Git LFS, not the file itself."], [])
        {
            Steps = "The first bytes tell what the file is; `version https://git-lfs` is a pointer, `<!DOCTYPE html>` a web page:\n\n"
                + Shell("head -c 100 Models/fashion.onnx\ngit lfs pull"),
        },
        new("QB2002", ["Models/fashion.onnx", 6, 7, 23], [])
        {
            Background = "An opset is the version of the set of operators that a model is written in. The exporter chooses it.",
            Steps = Python("""torch.onnx.export(model, inputs, "fashion.onnx", opset_version=17)"""),
        },
        new("QB2003", ["Models/fashion.onnx", "the node 'Conv_3' reads 'x7', which nothing produces."], [])
        {
            Steps = "The checker of the Python package `onnx` finds such mistakes at once:\n\n" + Python("""onnx.checker.check_model("fashion.onnx", full_check=True)"""),
        },
        new("QB2004", ["conv1.weight", "its shape [32,1,3,3] has 288 elements, and its data 280."], [])
        {
            Background = "Files that were cut off, or changed by a tool that knows only a part of the format, are like that.",
        },
        new("QB2005", ["Models/fashion.int8.onnx", "QLinearConv"], ["Scheme"])
        {
            Background = "Another tool has quantized the model, or the file is an output of QuantBuild from an `obj` folder.",
            Steps = "To use it as it is, with a class and in the assembly like other models:\n\n"
                + Project("""<QuantizeModel Include="Models/fashion.int8.onnx" Scheme="None" />"""),
        },
        new("QB2006", ["embedding.weight", "the file 'large.onnx.data' is missing."], ["Embed"])
        {
            Background = "Models of more than 2 GB keep their weights in a second file. The two belong together and are copied together.",
            Steps = Shell("Models/large.onnx\nModels/large.onnx.data") + "\n\nThe item names the first of them only.",
        },
        new("QB2007", ["Models/fashion.onnx", "Invalid rank for input: image Got: 3 Expected: 4"], ["FixedInputs"])
        {
            Steps = "Run the model by itself, with the version of ONNX Runtime that the project references:\n\n"
                + Python("""onnxruntime.InferenceSession("fashion.onnx").run(None, {"image": sample})""")
                + "\n\nOperators of an extension library are not known to QuantBuild, and neither are versions of operators newer than the referenced runtime.",
        },
        new("QB2008", ["large.onnx.data", "its time of change is another."], [])
        {
            Steps = "A target that writes the model has to end before `QuantizeOnnxModels` begins; in a parallel build, only one project may write it.",
        },
        new("QB2009", [2415919104, 2147483647], ["Embed"]),
        new("QB3001", ["Models/fashion.onnx", "FoldBatchNorm", "the value 'x7' has no producer"], ["Scheme"]) { Background = Defect, Steps = AsItIs },
        new("QB3002", ["Models/fashion.onnx", 9, "Upsample_4", "Upsample", 13, "its scales are computed while the model runs"], [])
        {
            Steps = Python("""torch.onnx.export(model, inputs, "fashion.onnx", opset_version=17)"""),
        },
        new("QB3003", ["Models/fashion.onnx", "logits", 0.25, 0.001], ["Scheme"])
        {
            Background = "A model that draws random numbers gives other outputs at every run and fails this check too. " + Defect,
            Steps = AsItIs,
        },
        new("QB3004", ["Models/fashion.onnx", "Type Error"], ["Scheme"]) { Background = Defect, Steps = AsItIs },
    ];
}
