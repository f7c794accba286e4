using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>One way in which data sets are stored.</summary>
/// <param name="Description">For the list in messages: <c>a folder of .wav files</c>.</param>
/// <param name="Fits">By content where a file says what it is, otherwise by extension.</param>
/// <param name="Open">Reads and checks what is needed to know names, types and shapes.</param>
internal sealed record SampleFormat(string Description, Func<DataPath, bool> Fits, Func<DataPath, SampleSetRequest, ISampleSource> Open);

/// <summary>Opens data sets, whatever their format.</summary>
internal static class SampleSources
{
    /// <summary>The first that fits a file is taken. A folder must fit one only.</summary>
    private static readonly SampleFormat[] Formats =
    [
        NpzSampleSource.Format,
        NpySampleSource.Format,
        NpyFolder.Format,
        JsonLines.Format,
        CsvSampleSource.Format,
        TensorProtoFolder.Format,
        IdxSampleSource.Format,
        WavFolder.Format,
        RawSampleSource.FileFormat,
        RawSampleSource.FolderFormat,
        PictureFolder.Format,
    ];

    /// <summary>What is allowed, for messages and documentation.</summary>
    public static IEnumerable<string> Descriptions => Formats.Select(format => format.Description);

    /// <param name="path">Absolute, of a file or folder.</param>
    /// <param name="displayPath">As the user wrote it, for messages.</param>
    /// <exception cref="QuantBuildException">QB4013: no format fits. QB4001, QB4014, QB4018: one does, and something in the set is wrong.</exception>
    public static ISampleSource Open(string path, string displayPath, DiagnosticOrigin? origin, SampleSetRequest request)
    {
        DataPath data = DataPath.Open(path, displayPath, origin);
        SampleFormat[] fitting = [.. Formats.Where(format => format.Fits(data))];
        if (data.Folder is { } folder && fitting.Length > 1)
            throw folder.Problem($"it holds samples of several formats: {string.Join("; ", fitting.Select(format => format.Description))}");
        return fitting.Length > 0 ? PictureArraySource.OverBytes(fitting[0].Open(data, request), data.Origin, request) : throw Unknown(data);
    }

    private static QuantBuildException Unknown(DataPath data) => new(DiagnosticCatalogue.UnknownDataFormat.At(
        data.Origin,
        data.DisplayPath,
        data.Folder is { } folder ? FoundIn(folder)
            : DataFileFormat.Describe(data.Start) ?? (data.Extension.Length == 0 ? "it is a file without extension" : $"it is a '{data.Extension}' file"),
        string.Join("; ", Descriptions)));

    private static string FoundIn(DataFolder folder)
    {
        const int Most = 5;
        string[] extensions = [.. folder.Files.Select(file => file.Extension).Distinct().Order(StringComparer.Ordinal).Take(Most)];
        return folder.Files.Count == 0 ? "it is an empty folder"
            : $"it is a folder of {folder.Files.Count} files ({string.Join(", ", extensions.Select(one => one.Length == 0 ? "no extension" : one))})";
    }
}
