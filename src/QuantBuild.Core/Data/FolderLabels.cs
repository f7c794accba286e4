using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>The classes of the samples of a folder: from a file <c>labels.csv</c> in it, or from the sub-folders that the samples lie in.</summary>
internal static class FolderLabels
{
    /// <returns>One number per file; null when the folder says nothing of classes.</returns>
    /// <exception cref="QuantBuildException">QB4015: a name is not among the classes. QB4018: only some samples have a label.</exception>
    public static IReadOnlyList<long>? Of(DataFolder folder, IReadOnlyList<DataFile> files, SampleSetRequest request) =>
        FromCsv(folder, [.. files.Select(file => file.Name)], request) ?? FromSubfolders(folder, files, request);

    /// <param name="samples">Names relative to the folder.</param>
    public static IReadOnlyList<long>? FromCsv(DataFolder folder, IReadOnlyList<string> samples, SampleSetRequest request)
    {
        if (folder.Files.FirstOrDefault(file => file.Name == request.LabelName + LabelTable.Extension) is not { } table)
            return null;
        string displayPath = $"{folder.DisplayPath}/{table.Name}";
        IReadOnlyDictionary<string, LabelRow> rows = LabelTable.Read(table.Path, displayPath, folder.Origin);
        LabelRow[] found =
        [
            .. samples.Select(sample => rows.GetValueOrDefault(sample)
                ?? throw folder.Problem($"'{table.Name}' has no row for the sample '{sample}'")),
        ];
        ClassNames? classes = request.Classes;
        if (classes is null && Array.Exists(found, row => row.Number is null))
            classes = new ClassNames([.. found.Select(row => row.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], displayPath);
        return [.. found.Select(row => row.Number ?? classes!.NumberOf(row.Label, $"line {row.Line} of '{displayPath}'", folder.Origin))];
    }

    private static long[]? FromSubfolders(DataFolder folder, IReadOnlyList<DataFile> files, SampleSetRequest request)
    {
        string[] classes = [.. files.Where(file => file.Folder.Length > 0).Select(Top).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length == 0 || (classes.Length == 1 && request.Classes?.Names.Contains(classes[0]) != true))
            return null;
        if (files.FirstOrDefault(file => file.Folder.Length == 0) is { } top)
            throw folder.Problem($"'{top.Name}' lies in no sub-folder, but others do in '{classes[0]}'; sub-folders are classes, so that every sample needs one");
        ClassNames names = request.Classes ?? new ClassNames(classes, folder.DisplayPath);
        Dictionary<string, long> numbers = classes.ToDictionary(
            name => name, name => (long)names.NumberOf(name, $"the sub-folder '{name}' of '{folder.DisplayPath}'", folder.Origin), StringComparer.Ordinal);
        return [.. files.Select(file => numbers[Top(file)])];

        static string Top(DataFile file) => file.Name[..file.Name.IndexOf('/', StringComparison.Ordinal)];
    }
}
