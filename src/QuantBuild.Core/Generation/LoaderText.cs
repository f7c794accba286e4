namespace QuantBuild.Generation;

/// <summary>What generated code says, in its documentation and in its exceptions; the same in every language.</summary>
internal static class LoaderText
{
    /// <summary>Compiles what needs ONNX Runtime; defined where the project references it.</summary>
    public const string RuntimeSymbol = "QUANTBUILD_ONNXRUNTIME";

    public const string Load = "Loads the model with the default options of ONNX Runtime. Takes long; load once and share the result.";

    public const string LoadWithOptions = "Loads the model. Takes long; load once and share the result.";

    public const string Options = "Threads, execution providers and so on; they stay the caller's to dispose.";

    public const string Session = "The session of ONNX Runtime, for everything that this class does not offer. Disposed with this object.";

    public const string Dispose = "Releases the model. No call of <c>Run</c> may be going on.";

    public const string DisposeOutputs = "Releases the outputs that are not tensors.";

    public const string OpenResource = "Opens the file of the quantized model, an ONNX model that is embedded in this assembly.";

    public const string OpenFile =
        "Opens the file of the quantized model, an ONNX model beside the program; large weights are in a file of their own beside it.";

    public const string Incomplete = "The embedded model is incomplete. Build the project again.";

    public static string ToolVersion { get; } = typeof(LoaderText).Assembly.GetName().Version!.ToString(3);

    public static string ClassSummary(string modelName) =>
        $"Runs the model <c>{DocumentationText.Xml(modelName)}</c> with ONNX Runtime. Several threads may share one object.";

    public static string NoResource(string name) =>
        $"The assembly has no resource '{name}', which is the quantized model. Build the project again.";

    public static string NoFile(string name) =>
        $"The file '{name}', which is the quantized model, is not beside the program. Build the project again, and deploy all files of its output.";

    public static string OpenModel(bool isEmbedded) => isEmbedded ? OpenResource : OpenFile;
}
