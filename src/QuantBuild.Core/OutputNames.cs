namespace QuantBuild;

/// <summary>The files of one model in the output folder. The targets of the package use the same names.</summary>
internal static class OutputNames
{
    private const string PackedExtension = ".br";

    /// <summary>Of the embedded resource.</summary>
    public static string LogicalName(string name) => $"QuantBuild.{name}.onnx";

    /// <summary>Of the embedded resource that is compressed.</summary>
    public static string PackedLogicalName(string name) => LogicalName(name) + PackedExtension;

    public static string GeneratedCode(string name, string extension) => $"{name}.g.{extension}";

    /// <summary>Constants of the class that are known only after the model has been quantized.</summary>
    public static string GeneratedMetadata(string name, string extension) => $"{name}.metadata.g.{extension}";

    public static string QuantizedModel(string name) => $"{name}.onnx";

    /// <summary>The compressed form of the model, which is embedded in its place.</summary>
    public static string PackedModel(string name) => QuantizedModel(name) + PackedExtension;

    /// <summary>A model that did not pass the gate, kept for whoever wants to look at it.</summary>
    public static string RejectedModel(string name) => $"{name}.rejected.onnx";

    /// <summary>Large weights of a model that is not embedded.</summary>
    public static string Weights(string modelFile) => $"{modelFile}.data";

    /// <summary>What the lock file records of the model.</summary>
    public static string LockEntry(string name) => $"{name}.lock.json";

    /// <summary>What the layers of the model do to its outputs, for searches.</summary>
    public static string Sensitivity(string name) => $"{name}.sensitivity";

    /// <summary>What a search has measured so far.</summary>
    public static string Candidates(string name) => $"{name}.candidates.json";

    public static string Report(string name) => $"{name}.report.json";

    /// <summary>The same for people to read.</summary>
    public static string ReportPage(string name) => $"{name}.report.html";
}
