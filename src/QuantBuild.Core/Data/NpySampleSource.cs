namespace QuantBuild.Data;

/// <summary>A single file in numpy's .npy format with all samples of the model's only input.</summary>
internal static class NpySampleSource
{
    public const string Extension = ".npy";

    public static readonly SampleFormat Format = new(
        "an .npy file with all samples, for a model with one input",
        data => data.IsFile && data.Extension != ".npz" && (data.Extension == Extension || NpyHeader.StartsLike(data.Start)),
        (data, request) => new ArrayFileSource(
            data.DisplayPath, data.Origin, [Describe(data.Path, request.NameOr(Path.GetFileNameWithoutExtension(data.Path)), data.DisplayPath, data.File)]));

    /// <summary>Reads the header.</summary>
    /// <exception cref="Diagnostics.QuantBuildException">QB4001: not an array of samples.</exception>
    public static ArrayFile Describe(string path, string name, string displayPath, UnreadableFile problem) => problem.Guard(() =>
    {
        using FileStream file = Open(path);
        NpyHeader header = NpyHeader.Read(file);
        NpyShapeChecks.Check(header, file.Length, "file");
        return new ArrayFile(new SampleArray(name, header.ElementType, header.Shape), displayPath, () => At(path, header.SizeBytes));
    });

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static FileStream At(string path, long position)
    {
        FileStream file = Open(path);
        file.Position = position;
        return file;
    }
}
