namespace QuantBuild.Core.Tests;

/// <summary>Files of the repository that tests compare with the code.</summary>
internal static class RepositoryFiles
{
    /// <param name="relative">With forward slashes: <c>src/QuantBuild/docs/settings.md</c>.</param>
    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Sources of all tests, as text by path, in ordinal order of the paths.</summary>
    public static IReadOnlyList<(string Path, string Text)> TestSources() =>
    [
        .. Directory.EnumerateFiles(PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(path))),
    ];

    private static string Root
    {
        get
        {
            DirectoryInfo? directory = new(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "QuantBuild.sln")))
                directory = directory.Parent;
            return directory?.FullName ?? throw new DirectoryNotFoundException($"No QuantBuild.sln above '{AppContext.BaseDirectory}'.");
        }
    }
}
