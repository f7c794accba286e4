using System.Text;
using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Reads a model file and refuses, with the reason, what is not a valid float model.</summary>
internal static class OnnxModelReader
{
    /// <summary>Nesting of messages; If inside If inside If takes four levels each.</summary>
    public const int RecursionLimit = 200;

    /// <param name="mayBeQuantized">For a model that is embedded as it is.</param>
    /// <exception cref="QuantBuildException">QB2001 to QB2006.</exception>
    public static OnnxModel Load(string path, DiagnosticOrigin origin, bool mayBeQuantized = false) =>
        Load(path, origin, mayBeQuantized, File.ReadAllBytes, ExternalDataReader.Resolve);

    /// <summary>Refuses what <see cref="Load(string, DiagnosticOrigin, bool)"/> refuses, and reads no large tensor for it.</summary>
    /// <exception cref="QuantBuildException">QB2001 to QB2006.</exception>
    public static ModelOutline LoadOutline(string path, DiagnosticOrigin origin, bool mayBeQuantized = false) =>
        ModelOutline.Of(Load(path, origin, mayBeQuantized, OutlineReader.Read, ExternalDataReader.Check));

    private static OnnxModel Load(
        string path,
        DiagnosticOrigin origin,
        bool mayBeQuantized,
        Func<string, byte[]> read,
        Func<OnnxModel, string, DiagnosticOrigin, IReadOnlyCollection<string>> resolve)
    {
        byte[] bytes;
        try
        {
            bytes = read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QuantBuildException(DiagnosticCatalogue.NotAnOnnxModel.At(origin, origin.Model, exception.Message), exception);
        }
        OnnxModel model = Parse(bytes, origin);
        IReadOnlyCollection<string> external = resolve(model, Path.GetDirectoryName(Path.GetFullPath(path))!, origin);
        if (ModelChecker.FindProblem(model) is { } problem)
            throw new QuantBuildException(DiagnosticCatalogue.InvalidGraph.At(origin, origin.Model, problem));
        if (!mayBeQuantized && ModelChecker.FindQuantizedOperator(model) is { } operatorName)
            throw new QuantBuildException(DiagnosticCatalogue.AlreadyQuantized.At(origin, origin.Model, operatorName));
        model.ExternalFiles = external;
        return model;
    }

    /// <exception cref="QuantBuildException">QB2001 or QB2002.</exception>
    public static OnnxModel Parse(byte[] bytes, DiagnosticOrigin origin)
    {
        OnnxModel model = ParseAnyOpset(bytes, origin);
        return model.Opset is >= OnnxModel.OldestOpset and <= OnnxModel.NewestOpset
            ? model
            : throw new QuantBuildException(DiagnosticCatalogue.UnsupportedOpset.At(
                origin, origin.Model, model.Opset, OnnxModel.OldestOpset, OnnxModel.NewestOpset));
    }

    /// <summary>For graphs that the runtime wrote.</summary>
    /// <exception cref="QuantBuildException">QB2001.</exception>
    public static OnnxModel ParseAnyOpset(ModelImage image, DiagnosticOrigin origin)
    {
        byte[] bytes = image.Message;
        ModelProto proto;
        try
        {
            proto = image.Parse();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw NotAModel(Describe(bytes) ?? "it is damaged or truncated", exception);
        }

        if (proto.Graph is null || proto.Graph.Node.Count == 0)
            throw NotAModel(Describe(bytes) ?? "it has no graph", null);
        return proto.OpsetImport.Any(import => import.Domain is "" or "ai.onnx")
            ? new OnnxModel(proto, image.Files)
            : throw NotAModel("it does not say which version of the operators it uses", null);

        QuantBuildException NotAModel(string why, Exception? cause) =>
            new(DiagnosticCatalogue.NotAnOnnxModel.At(origin, origin.Model, why), cause);
    }

    /// <summary>Recognizes the usual mistakes by their first bytes.</summary>
    private static string? Describe(byte[] bytes)
    {
        if (bytes.Length == 0)
            return "it is empty";
        string start = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 64));
        if (start.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "it is a pointer of Git LFS, not the file itself; run 'git lfs pull'";
        if (start.TrimStart().StartsWith('<'))
            return "it is a web page or XML; the download failed";
        if (start.StartsWith("PK", StringComparison.Ordinal))
            return "it is a zip archive (a PyTorch checkpoint or an .npz); export it to ONNX";
        return start.StartsWith("ORTM", StringComparison.Ordinal) || (bytes.Length > 8 && start[4..8] == "ORTM")
            ? "it is in the ORT format; give the .onnx file that it was made from"
            : null;
    }
}
