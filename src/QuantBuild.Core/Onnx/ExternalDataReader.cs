using System.Globalization;
using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>Brings weights that lie in files beside the model into the model. Large ones stay where they are and point at a file that was checked
/// here, so that nothing later reads a path that a file names.</summary>
internal static class ExternalDataReader
{
    /// <exception cref="QuantBuildException">QB2006: the file is missing, too short, or outside of the model's folder.</exception>
    /// <exception cref="QuantBuildException">QB2004: shape and data of a large tensor do not agree.</exception>
    /// <returns>Names of the files that were read.</returns>
    public static IReadOnlyCollection<string> Resolve(OnnxModel model, string modelDirectory, DiagnosticOrigin origin) =>
        Resolve(model, modelDirectory, origin, readsData: true);

    /// <summary>Finds the same problems, and leaves the model without the data.</summary>
    public static IReadOnlyCollection<string> Check(OnnxModel model, string modelDirectory, DiagnosticOrigin origin) =>
        Resolve(model, modelDirectory, origin, readsData: false);

    private static SortedSet<string> Resolve(OnnxModel model, string modelDirectory, DiagnosticOrigin origin, bool readsData)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        // Bodies and attributes cannot say where their tensors are: runtimes look at the main graph's only.
        var main = new HashSet<TensorProto>(model.Proto.Graph.Initializer, ReferenceEqualityComparer.Instance);
        foreach (TensorProto tensor in Tensors(model.Proto.Graph))
            if (TensorFiles.IsExternal(tensor))
                names.Add(Resolve(tensor, main.Contains(tensor) ? model.Files : null, modelDirectory, origin, readsData));
        return names;
    }

    /// <param name="files">Receives the file of a tensor that stays in it; null: the tensor becomes part of the message.</param>
    /// <returns>Name of the file.</returns>
    private static string Resolve(TensorProto tensor, TensorFiles? files, string modelDirectory, DiagnosticOrigin origin, bool readsData)
    {
        string location = Entry("location") ?? throw Problem("it names no file");
        string name;
        long offset = Number("offset") ?? 0;
        try
        {
            name = Normalize(location);
            using FileStream file = File.OpenRead(Path.Combine(modelDirectory, name));
            long length = Number("length") ?? file.Length - offset;
            if (offset > file.Length || length > file.Length - offset)
                throw Problem($"it needs the bytes {offset} to {offset + length} of '{location}', which has {file.Length}");
            if (length > Array.MaxLength)
                throw Problem($"{length} bytes are more than one tensor can hold in memory");
            if (files is not null && length >= TensorFiles.SmallestTensorBytes && ((OnnxElementType)tensor.DataType).SizeBytes() > 0)
            {
                var kept = TensorFile.OfUser(modelDirectory, name);
                files.Add(kept.Location, kept);
                TensorFiles.Point(tensor, kept.Location, offset, length);
                OnnxTensor.FromProto(tensor, files);
                return name;
            }
            if (!readsData)
                return name;
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
        return name;

        string? Entry(string key) => TensorFiles.Entry(tensor, key);

        long? Number(string key) => Entry(key) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value
            : throw Problem($"its {key} '{text}' is not a number");

        string Normalize(string relative)
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
            return string.Join('/', relative.Split('/', '\\', StringSplitOptions.RemoveEmptyEntries));
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
