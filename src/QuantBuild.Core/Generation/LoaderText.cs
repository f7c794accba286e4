using QuantBuild.Settings;

namespace QuantBuild.Generation;

/// <summary>What generated code says, in its documentation and in its exceptions; the same in every language.</summary>
internal static class LoaderText
{
    /// <summary>Compiles what needs ONNX Runtime; defined where the project references it.</summary>
    public const string RuntimeSymbol = "QUANTBUILD_ONNXRUNTIME";

    public const string Load = "Loads the model with the default options of ONNX Runtime. Takes long; load once and share the result.";

    public const string LoadWithOptions = "Loads the model. Takes long; load once and share the result.";

    public const string SessionOptions = "Threads, execution providers and so on; they stay the caller's to dispose.";

    public const string Options = "Null: the default options.";

    public const string LoadAsync = "Loads the model on another thread.";

    public const string LoadCancellation =
        "Cancelled before the start, nothing is loaded. Checking a file stops at once; what ONNX Runtime has begun, it ends, and the result is dropped.";

    public const string LoadFrom = "Loads the model from a file: a copy of the quantized model that this assembly was built with, and of its weights beside it.";

    public const string Path = "Of the ONNX file.";

    public const string HashIsOther = "The file is not the one that this assembly was built with.";

    public const string Configure =
        "Called with the options of ONNX Runtime before the model is loaded: threads, execution providers and so on. Null: nothing is changed.";

    public const string VerifyHash =
        "Whether the SHA-256 of a file is compared with that of the model that was built, before it is loaded. True at first. "
        + "An embedded model is a part of the assembly and is not compared.";

    public const string Runner =
        "Runs the model in buffers that are bound once: fill the inputs, call <c>Run</c>, read the outputs. A run allocates nothing. "
        + "For one thread at a time; several threads have one each.";

    public const string RunnerWithFreeOutputs =
        "Runs the model in buffers that are bound once: fill the inputs, call <c>Run</c>, read the outputs. "
        + "Outputs whose shape only the run tells are allocated by every run. For one thread at a time; several threads have one each.";

    public const string CreateRunner = "Makes a runner with buffers of the given sizes. It is the caller's to dispose.";

    public const string RentRunner =
        "Takes a runner with buffers of the given sizes from a small pool, or makes one. Disposing it gives it back; its buffers then belong to somebody else.";

    public const string RunnerRun = "Runs the model once, from the input buffers into the output buffers.";

    public const string DisposeRunner = "Releases the buffers, or gives a rented runner back.";

    public const string Cancelled = "The run of the model was cancelled.";

    public const string NoHash =
        "This assembly was compiled before the model was quantized, so the SHA-256 of the model is not known. Build the project again, or set VerifyHash to false.";

    /// <summary>Between the path and the hash that the file has.</summary>
    public const string OtherHash = "' is not the one that this assembly was built with: its SHA-256 is ";

    /// <summary>Between the hash that the file has and the one that it should have.</summary>
    public const string ExpectedHash = ", and not ";

    public const string HashAdvice = ". Deploy the files of one build together, or set VerifyHash to false.";

    public const string Session = "The session of ONNX Runtime, for everything that this class does not offer. Disposed with this object.";

    public const string Dispose =
        "Releases the model when the last call that is going on has ended. Calls that start later are refused with an ObjectDisposedException.";

    public const string DisposeOutputs = "Releases the outputs that are not tensors.";

    public const string OpenResource = "Opens the file of the quantized model, an ONNX model that is embedded in this assembly.";

    public const string OpenPacked =
        OpenResource + " It is compressed there: the stream gives the model itself, from its start to its end, and knows no length.";

    public const string OpenFile =
        "Opens the file of the quantized model, an ONNX model beside the program; large weights are in a file of their own beside it.";

    public const string Incomplete = "The embedded model is incomplete. Build the project again.";

    public const string OtherContent = "The embedded model is not the one that this assembly was built with. Build the project again.";

    public static string OptionsSummary(string className) => $"How <c>{className}</c> is loaded.";

    public static string OptionsClassOf(string className) => className + "Options";

    public static string ToolVersion { get; } = typeof(LoaderText).Assembly.GetName().Version!.ToString(3);

    public static string ClassSummary(string modelName) =>
        $"Runs the model <c>{DocumentationText.Xml(modelName)}</c> with ONNX Runtime. Several threads may share one object.";

    public static string NoResource(string name) =>
        $"The assembly has no resource '{name}', which is the quantized model. Build the project again.";

    public static string NoFile(string name) =>
        $"The file '{name}', which is the quantized model, is not beside the program. Build the project again, and deploy all files of its output.";

    public static string OpenModel(QuantizationSettings settings) => settings.IsPacked ? OpenPacked : settings.Embed ? OpenResource : OpenFile;
}
