using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>The types that generated code refers to, always from the root, so that no type of the user's can stand in for them.</summary>
internal static class RuntimeTypes
{
    public const string Span = "global::System.Span";
    public const string ReadOnlyMemory = "global::System.ReadOnlyMemory";
    public const string ReadOnlySpan = "global::System.ReadOnlySpan";
    public const string ArgumentException = "global::System.ArgumentException";
    public const string ArgumentNullException = "global::System.ArgumentNullException";
    public const string InvalidOperationException = "global::System.InvalidOperationException";
    public const string ObjectDisposedException = "global::System.ObjectDisposedException";
    public const string FileNotFoundException = "global::System.IO.FileNotFoundException";
    public const string InvalidDataException = "global::System.IO.InvalidDataException";
    public const string OperationCanceledException = "global::System.OperationCanceledException";
    public const string CancellationToken = "global::System.Threading.CancellationToken";
    public const string Interlocked = "global::System.Threading.Interlocked";
    public const string Task = "global::System.Threading.Tasks.Task";
    public const string Disposable = "global::System.IDisposable";
    public const string Stream = "global::System.IO.Stream";
    public const string BrotliStream = "global::System.IO.Compression.BrotliStream";
    public const string Decompress = "global::System.IO.Compression.CompressionMode.Decompress";
    public const string GeneratedCode = "global::System.CodeDom.Compiler.GeneratedCode";
    public const string Session = "global::Microsoft.ML.OnnxRuntime.InferenceSession";
    public const string SessionOptions = "global::Microsoft.ML.OnnxRuntime.SessionOptions";
    public const string RunOptions = "global::Microsoft.ML.OnnxRuntime.RunOptions";
    public const string OrtValue = "global::Microsoft.ML.OnnxRuntime.OrtValue";
    public const string OrtAllocator = "global::Microsoft.ML.OnnxRuntime.OrtAllocator";
    public const string Results = "global::Microsoft.ML.OnnxRuntime.IDisposableReadOnlyCollection<" + OrtValue + ">";
    public const string TensorElementType = "global::Microsoft.ML.OnnxRuntime.Tensors.TensorElementType";

    public const string Float16 = "global::Microsoft.ML.OnnxRuntime.Float16";
    public const string OnnxRuntimeException = "global::Microsoft.ML.OnnxRuntime.OnnxRuntimeException";

    /// <summary>What the source calls the elements of float16 tensors: .NET's own type, where there is one.</summary>
    public const string HalfAlias = "_QuantBuildHalf";

    /// <summary>An open resource as the model in it.</summary>
    public static string Unpacked(string stream, bool isPacked) => isPacked ? $"new {BrotliStream}({stream}, {Decompress})" : stream;

    /// <summary>The C# type of one element, or null for values that have none and stay <see cref="OrtValue"/>.</summary>
    public static string? ElementOf(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => "float",
        OnnxElementType.Double => "double",
        OnnxElementType.Int8 => "sbyte",
        OnnxElementType.UInt8 => "byte",
        OnnxElementType.Int16 => "short",
        OnnxElementType.UInt16 => "ushort",
        OnnxElementType.Int32 => "int",
        OnnxElementType.UInt32 => "uint",
        OnnxElementType.Int64 => "long",
        OnnxElementType.UInt64 => "ulong",
        OnnxElementType.Bool => "bool",
        OnnxElementType.String => "string",
        OnnxElementType.Float16 => HalfAlias,
        _ => ElementTypes.NameOf(type) is { } name ? "global::" + name : null,
    };

    /// <summary>The type that ONNX Runtime knows the elements as.</summary>
    public static string? StoredElementOf(OnnxElementType type) => type == OnnxElementType.Float16 ? Float16 : ElementOf(type);

    /// <summary>A span of elements as another one of the same bits.</summary>
    public static string Cast(string span, string? from, string? to) =>
        from == to ? span : $"global::System.Runtime.InteropServices.MemoryMarshal.Cast<{from}, {to}>({span})";
}
