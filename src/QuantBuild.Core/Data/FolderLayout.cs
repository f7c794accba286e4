namespace QuantBuild.Data;

/// <summary>One sample of a folder.</summary>
/// <param name="Name">For messages: its file, or its sub-folder.</param>
/// <param name="Files">One per array.</param>
internal sealed record FileSample(string Name, IReadOnlyList<DataFile> Files);

/// <summary>Which files of a folder make which samples.</summary>
/// <param name="Samples">In the order of the folder.</param>
/// <param name="Labels">One class number per sample; null when the folder says nothing of classes.</param>
internal sealed record FolderLayout(IReadOnlyList<string> ArrayNames, IReadOnlyList<FileSample> Samples, IReadOnlyList<long>? Labels)
{
    /// <summary>Files that hold all samples of an input each: <c>input_ids.npy</c>, <c>mask.npy</c> and what stands beside them.</summary>
    /// <returns>Null when some input has no such file.</returns>
    public static IReadOnlyList<DataFile>? ArrayFiles(DataFolder folder, SampleSetRequest request, params string[] extensions)
    {
        DataFile[] top = [.. folder.Files.Where(file => file.Folder.Length == 0 && extensions.Contains(file.Extension))];
        if (request.Inputs.Count == 0 || !request.Inputs.All(input => top.Any(file => file.Stem == input.Name)))
            return null;
        DataFile[] twice = [.. top.GroupBy(file => file.Stem, StringComparer.Ordinal).Where(group => group.Count() > 1).SelectMany(group => group)];
        return twice.Length == 0 ? top : throw folder.Problem($"'{twice[0].Name}' and '{twice[1].Name}' are both the array '{twice[0].Stem}'");
    }

    /// <summary>A file per sample and array, in one of three arrangements. For a model with one input every file is a sample.</summary>
    /// <exception cref="Diagnostics.QuantBuildException">QB4018: files are missing or in none of the arrangements. QB4015: a sub-folder names no class.</exception>
    public static FolderLayout Of(DataFolder folder, SampleSetRequest request, params string[] extensions)
    {
        DataFile[] files = [.. folder.Files.Where(file => extensions.Contains(file.Extension))];
        if (request.Inputs.Count <= 1)
            return new FolderLayout(
                [request.NameOr("samples")], [.. files.Select(file => new FileSample(Quoted(file.Name), [file]))], FolderLabels.Of(folder, files, request));
        return ByInput(folder, files, request) ?? BySample(folder, files, request) ?? throw Unclear(folder, request, extensions[0]);
    }

    /// <summary><c>input_ids/0001.npy</c> and <c>mask/0001.npy</c>.</summary>
    private static FolderLayout? ByInput(DataFolder folder, DataFile[] files, SampleSetRequest request)
    {
        Dictionary<string, DataFile[]> byArray = files.Where(file => file.Folder.Length > 0)
            .GroupBy(file => file.Name[..file.Name.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        if (!request.Inputs.All(input => byArray.ContainsKey(input.Name)))
            return null;
        string[] names = [.. byArray.Keys.Order(StringComparer.Ordinal)];
        DataFile[] first = byArray[request.Inputs[0].Name];
        foreach (string name in names)
            RequireSameNames(folder, request.Inputs[0].Name, first, name, byArray[name]);
        return new FolderLayout(
            names, [.. first.Select((file, i) => new FileSample(Quoted(file.Name), [.. names.Select(name => byArray[name][i])]))], Labels: null);
    }

    private static void RequireSameNames(DataFolder folder, string one, DataFile[] files, string other, DataFile[] others)
    {
        string[] expected = [.. files.Select(file => Within(file, one))];
        string[] found = [.. others.Select(file => Within(file, other))];
        if (expected.Except(found, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw folder.Problem($"the sample '{one}/{missing}' has no file '{other}/{missing}'");
        if (found.Except(expected, StringComparer.Ordinal).FirstOrDefault() is { } surplus)
            throw folder.Problem($"the sample '{other}/{surplus}' has no file '{one}/{surplus}'");

        static string Within(DataFile file, string array) => file.Name[(array.Length + 1)..];
    }

    /// <summary><c>0001/input_ids.npy</c> and <c>0001/mask.npy</c>.</summary>
    private static FolderLayout? BySample(DataFolder folder, DataFile[] files, SampleSetRequest request)
    {
        (string Folder, DataFile[] Files)[] samples =
        [
            .. files.Where(file => file.Folder.Length > 0).GroupBy(file => file.Folder, StringComparer.Ordinal)
                .Select(group => (group.Key, group.ToArray())).OrderBy(sample => sample.Key, StringComparer.Ordinal),
        ];
        if (samples.Length == 0 || !request.Inputs.All(input => samples[0].Files.Any(file => file.Stem == input.Name)))
            return null;
        string[] names = [.. samples[0].Files.Select(file => file.Stem)];
        return new FolderLayout(
            names,
            [.. samples.Select(sample => new FileSample(Quoted(sample.Folder), [.. names.Select(name => FileOf(sample.Folder, sample.Files, name))]))],
            FolderLabels.FromCsv(folder, [.. samples.Select(sample => sample.Folder)], request));

        DataFile FileOf(string sample, DataFile[] own, string name) =>
            Array.Find(own, file => file.Stem == name) ?? throw folder.Problem($"the sample '{sample}' has no file '{name}{files[0].Extension}'");
    }

    private static Exception Unclear(DataFolder folder, SampleSetRequest request, string extension)
    {
        string[] names = [.. request.Inputs.Select(input => input.Name)];
        return folder.Problem(
            $"the model has the inputs {string.Join(" and ", names.Select(Quoted))}: give each a file with all samples ({names[0]}{extension}), a sub-folder "
            + $"with a file per sample ({names[0]}/0001{extension}), or each sample a sub-folder with a file per input (0001/{names[0]}{extension})");
    }

    private static string Quoted(string name) => $"'{name}'";
}
