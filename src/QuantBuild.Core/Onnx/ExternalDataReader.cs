using System.Globalization;
using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Brings weights that lie in files beside the model into the model, so that nothing later reads a path that a file names.</summary>
internal static class ExternalDataReader
{
    /// <exception cref="QuantBuildException">QB2006: the file is missing, too short, or outside of the model's folder.</exception>
    public static void Inline(OnnxModel model, string modelDirectory, DiagnosticOrigin origin)
    {
        foreach (TensorProto tensor in Tensors(model.Proto.Graph))
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
                Inline(tensor, modelDirectory, origin);
    }

    private static void Inline(TensorProto tensor, string modelDirectory, DiagnosticOrigin origin)
    {
        string location = Entry("location") ?? throw Problem("it names no file");
        long offset = Number("offset") ?? 0;
        try
        {
            string path = Resolve(location);
            using FileStream file = File.OpenRead(path);
            long length = Number("length") ?? file.Length - offset;
            if (offset > file.Length || length > file.Length - offset)
                throw Problem($"it needs the bytes {offset} to {offset + length} of '{location}', which has {file.Length}");
            if (length > Array.MaxLength)
                throw Problem($"{length} bytes are more than one tensor can hold in memory");
            byte[] data = new byte[length];
            file.Position = offset;
            file.ReadExactly(data);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new QuantBuildException(DiagnosticCatalogue.ExternalData.At(origin, tensor.Name, exception.Message), exception);
        }
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();

        string? Entry(string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

        long? Number(string key) => Entry(key) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value
            : throw Problem($"its {key} '{text}' is not a number");

        string Resolve(string relative)
        {
            if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative)
                || relative.Split('/', '\\').Contains("..") || relative.StartsWith("*/_ORT_MEM", StringComparison.Ordinal))
                throw Problem($"the path '{relative}' leads out of the model's folder");
            string full = modelDirectory;
            foreach (string part in relative.Split('/', '\\'))
            {
                full = Path.Combine(full, part);
                if (!Path.Exists(full))
                    throw Problem($"'{relative}' is not beside the model");
                string? target = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName;
                if (target is not null && !target.StartsWith(modelDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    throw Problem($"'{relative}' is a link out of the model's folder");
            }
            return full;
        }

        QuantBuildException Problem(string why) => new(DiagnosticCatalogue.ExternalData.At(origin, tensor.Name, why));
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph)
    {
        foreach (TensorProto initializer in graph.Initializer)
            yield return initializer;
        foreach (AttributeProto attribute in graph.Node.SelectMany(node => node.Attribute))
        {
            if (attribute.T is not null)
                yield return attribute.T;
            foreach (TensorProto tensor in attribute.Tensors)
                yield return tensor;
            foreach (GraphProto body in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
                foreach (TensorProto tensor in Tensors(body))
                    yield return tensor;
        }
    }
}
