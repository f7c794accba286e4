using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>A folder of ONNX test data: sub-folders with a file <c>input_0.pb</c>, <c>input_1.pb</c> … for each input. Every one is a whole run of
/// the model.</summary>
internal sealed class TensorProtoFolder : ISampleFileReader
{
    public static readonly SampleFormat Format = new(
        "a folder of ONNX test data (test_data_set_0/input_0.pb)",
        data => data.HoldsFiles(Extension),
        (data, request) => new FileSampleSource(data.Folder!, LayoutOf(data.Folder!, request), request, new TensorProtoFolder()));

    private const string Extension = ".pb";

    private const string Prefix = "input_";

    public (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? input)
    {
        OnnxTensor tensor = TensorProtoFile.Read(file.Path).Tensor;
        return (tensor.ElementType, tensor.Shape);
    }

    public void Read(DataFile file, TensorSignature? input, SampleBuffer destination)
    {
        OnnxTensor tensor = TensorProtoFile.Read(file.Path).Tensor;
        tensor.Bytes.CopyTo(destination.Reserve(tensor.Shape, tensor.Bytes.Length).Span);
    }

    private static FolderLayout LayoutOf(DataFolder folder, SampleSetRequest request)
    {
        var samples = new List<FileSample>();
        string[]? names = null;
        foreach (IGrouping<string, DataFile> set in folder.Files.Where(file => NumberOf(file) is not null).GroupBy(file => file.Folder, StringComparer.Ordinal))
        {
            DataFile[] files = [.. set.OrderBy(NumberOf)];
            Dictionary<string, DataFile> byName = ByName(folder, files, request);
            names ??= [.. byName.Keys];
            samples.Add(new FileSample(set.Key.Length == 0 ? $"'{files[0].Name}'" : $"'{set.Key}'", [.. names.Select(name => byName.GetValueOrDefault(name)
                ?? throw folder.Problem($"'{set.Key}' has no file for the input '{name}'"))]));
        }
        return names is null
            ? throw folder.Problem("it has no file input_0.pb, in it or in its sub-folders")
            : new FolderLayout(names, [.. samples.OrderBy(sample => sample.Name, StringComparer.Ordinal)], Labels: null);
    }

    /// <summary>A file is of the input that it names, or else of the one in the place of its number.</summary>
    private static Dictionary<string, DataFile> ByName(DataFolder folder, DataFile[] files, SampleSetRequest request)
    {
        var byName = new Dictionary<string, DataFile>(StringComparer.Ordinal);
        foreach (DataFile file in files)
        {
            var problem = new UnreadableFile($"{folder.DisplayPath}/{file.Name}", folder.Origin);
            string own = problem.Guard(() => TensorProtoFile.Read(file.Path)).Name;
            int number = NumberOf(file)!.Value;
            string name = request.Input(own) is not null ? own : number < request.Inputs.Count ? request.Inputs[number].Name : file.Stem;
            if (!byName.TryAdd(name, file))
                throw folder.Problem($"'{byName[name].Name}' and '{file.Name}' are both for the input '{name}'");
        }
        return byName;
    }

    private static int? NumberOf(DataFile file) =>
        file.Extension == Extension && file.Stem.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(file.Stem.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
