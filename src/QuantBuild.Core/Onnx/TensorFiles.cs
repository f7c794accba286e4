using System.Globalization;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>The files that a model's tensors may lie in. Whatever else a tensor names is not read.</summary>
internal sealed class TensorFiles
{
    /// <summary>Smaller tensors are part of the message.</summary>
    public const long SmallestTensorBytes = 1 << 16;

    private readonly Dictionary<string, TensorFile> files = new(StringComparer.Ordinal);

    /// <summary>The folder of all files; null when there are none.</summary>
    /// <exception cref="InvalidOperationException">They lie in several.</exception>
    public string? Folder =>
        files.Values.Select(file => file.Folder).Distinct(StringComparer.Ordinal).SingleOrDefault();

    /// <summary>The one file.</summary>
    public TensorFile Single => files.Values.Single();

    /// <param name="location">What tensors call the file.</param>
    public void Add(string location, TensorFile file) => files[location] = file;

    /// <summary>Where a tensor lies; null when it names no file of the model.</summary>
    public TensorRegion? Find(TensorProto tensor) => files.TryGetValue(Entry(tensor, "location") ?? "", out TensorFile? file)
        ? new TensorRegion(file, Number(tensor, "offset"), Number(tensor, "length"))
        : null;

    public TensorFiles Copy()
    {
        var copy = new TensorFiles();
        foreach ((string location, TensorFile file) in files)
            copy.Add(location, file);
        return copy;
    }

    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>Makes a tensor point at a file. What else it said about its data is gone.</summary>
    public static void Point(TensorProto tensor, string location, long offset, long length)
    {
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Clear();
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) });
    }

    public static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long Number(TensorProto tensor, string key) => long.Parse(Entry(tensor, key)!, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>Bytes of a file that are one tensor.</summary>
internal sealed record TensorRegion(TensorFile File, long Offset, long Length)
{
    public byte[] Read() => File.Read(Offset, Length);
}
