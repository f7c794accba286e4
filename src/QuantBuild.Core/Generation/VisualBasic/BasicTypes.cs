using QuantBuild.Onnx;

namespace QuantBuild.Generation.VisualBasic;

/// <summary>
/// What generated Visual Basic refers to, always from the root, so that neither the root namespace of the project nor a type of the user's
/// can stand in for it.
/// </summary>
internal static class BasicTypes
{
    public const string ChrW = "Global.Microsoft.VisualBasic.Strings.ChrW";
    public const string ArgumentException = "Global.System.ArgumentException";
    public const string ArgumentNullException = "Global.System.ArgumentNullException";
    public const string InvalidOperationException = "Global.System.InvalidOperationException";
    public const string ObjectDisposedException = "Global.System.ObjectDisposedException";
    public const string FileNotFoundException = "Global.System.IO.FileNotFoundException";
    public const string InvalidDataException = "Global.System.IO.InvalidDataException";
    public const string OperationCanceledException = "Global.System.OperationCanceledException";
    public const string CancellationToken = "Global.System.Threading.CancellationToken";
    public const string OnnxRuntimeException = "Global.Microsoft.ML.OnnxRuntime.OnnxRuntimeException";
    public const string Task = "Global.System.Threading.Tasks.Task";
    public const string Disposable = "Global.System.IDisposable";
    public const string BrotliStream = "Global.System.IO.Compression.BrotliStream";
    public const string Decompress = "Global.System.IO.Compression.CompressionMode.Decompress";
    public const string Stream = "Global.System.IO.Stream";
    public const string GeneratedCode = "Global.System.CodeDom.Compiler.GeneratedCode";
    public const string Session = "Global.Microsoft.ML.OnnxRuntime.InferenceSession";
    public const string SessionOptions = "Global.Microsoft.ML.OnnxRuntime.SessionOptions";
    public const string RunOptions = "Global.Microsoft.ML.OnnxRuntime.RunOptions";
    public const string OrtValue = "Global.Microsoft.ML.OnnxRuntime.OrtValue";
    public const string OrtAllocator = "Global.Microsoft.ML.OnnxRuntime.OrtAllocator";
    public const string Results = "Global.Microsoft.ML.OnnxRuntime.IDisposableReadOnlyCollection(Of " + OrtValue + ")";

    /// <summary>Null for values without elements that .NET knows, which stay <see cref="OrtValue"/>.</summary>
    public static string? ElementOf(TensorSignature tensor) =>
        ElementTypes.NameOf(tensor.ElementType) is { } name ? "Global." + name : null;
}
