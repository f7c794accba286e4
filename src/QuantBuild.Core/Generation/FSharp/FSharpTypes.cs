using QuantBuild.Onnx;

namespace QuantBuild.Generation.FSharp;

/// <summary>The types that generated F# refers to, always from the root, so that no type of the user's can stand in for them.</summary>
internal static class FSharpTypes
{
    public const string ArgumentException = "global.System.ArgumentException";
    public const string ArgumentNullException = "global.System.ArgumentNullException";
    public const string InvalidOperationException = "global.System.InvalidOperationException";
    public const string ObjectDisposedException = "global.System.ObjectDisposedException";
    public const string FileNotFoundException = "global.System.IO.FileNotFoundException";
    public const string InvalidDataException = "global.System.IO.InvalidDataException";
    public const string OperationCanceledException = "global.System.OperationCanceledException";
    public const string CancellationToken = "global.System.Threading.CancellationToken";
    public const string OnnxRuntimeException = "global.Microsoft.ML.OnnxRuntime.OnnxRuntimeException";
    public const string Task = "global.System.Threading.Tasks.Task";
    public const string Disposable = "global.System.IDisposable";
    public const string String = "global.System.String";
    public const string Int32 = "global.System.Int32";
    public const string Int64 = "global.System.Int64";
    public const string BrotliStream = "global.System.IO.Compression.BrotliStream";
    public const string Decompress = "global.System.IO.Compression.CompressionMode.Decompress";
    public const string Stream = "global.System.IO.Stream";
    public const string GeneratedCode = "global.System.CodeDom.Compiler.GeneratedCode";
    public const string Session = "global.Microsoft.ML.OnnxRuntime.InferenceSession";
    public const string SessionOptions = "global.Microsoft.ML.OnnxRuntime.SessionOptions";
    public const string RunOptions = "global.Microsoft.ML.OnnxRuntime.RunOptions";
    public const string OrtValue = "global.Microsoft.ML.OnnxRuntime.OrtValue";
    public const string OrtAllocator = "global.Microsoft.ML.OnnxRuntime.OrtAllocator";
    public const string Results = "global.Microsoft.ML.OnnxRuntime.IDisposableReadOnlyCollection<" + OrtValue + ">";

    /// <summary>Null for values without elements that .NET knows, which stay <see cref="OrtValue"/>.</summary>
    public static string? ElementOf(TensorSignature tensor) =>
        ElementTypes.NameOf(tensor.ElementType) is { } name ? "global." + name : null;

    /// <summary>Whether a reference is null, whatever the language thinks of the type.</summary>
    public static string IsNull(string expression) => $"global.System.Object.ReferenceEquals({expression}, null)";
}
