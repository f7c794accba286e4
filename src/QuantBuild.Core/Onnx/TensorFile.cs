using QuantBuild.Diagnostics;

namespace QuantBuild.Onnx;

/// <summary>A file beside a model that holds data of its tensors, as it was when it was first looked at.</summary>
/// <remarks>Tensors are read into managed memory when somebody asks for their values, and dropped when nobody holds them. The file is not
/// mapped: a mapped file that another program cuts short kills the process that looks at it, and its pages would count as this process's
/// memory beside those of the runtime, which maps the same file.</remarks>
internal sealed class TensorFile
{
    private readonly (long Length, DateTime Written)? state;

    private TensorFile(string folder, string name, string location, (long Length, DateTime Written)? state)
    {
        Folder = folder;
        Name = name;
        Location = location;
        this.state = state;
    }

    /// <summary>Absolute.</summary>
    public string Folder { get; }

    /// <summary>Relative to <see cref="Folder"/>, with forward slashes.</summary>
    public string Name { get; }

    /// <summary>What tensors of a model in memory call the file. No user's file is called like one of our own.</summary>
    public string Location { get; }

    public string Path => System.IO.Path.Combine(Folder, Name);

    /// <summary>A file of the user, which must stay as it is now.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TensorFile OfUser(string folder, string name)
    {
        var info = new FileInfo(System.IO.Path.Combine(folder, name));
        return new TensorFile(folder, name, name, (info.Length, info.LastWriteTimeUtc));
    }

    /// <summary>A file that this process goes on writing to.</summary>
    public static TensorFile Own(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        return new TensorFile(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, name, "/" + name, state: null);
    }

    /// <exception cref="QuantBuildException">QB2008: the file is no longer what it was.</exception>
    public byte[] Read(long offset, long length)
    {
        byte[] data = GC.AllocateUninitializedArray<byte>(checked((int)length));
        try
        {
            using FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Position = offset;
            stream.ReadExactly(data);
            if (state is { } before && (stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle)) != before)
                throw Changed("it was written to", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Changed(exception.Message, exception);
        }
        return data;
    }

    private QuantBuildException Changed(string why, Exception? cause) =>
        new(DiagnosticCatalogue.ExternalDataChanged.At(null, Name, why), cause);
}
