namespace QuantBuild.Testing;

/// <summary>The repository that the running tests or benchmarks were built from.</summary>
internal static class RepositoryFolder
{
    /// <exception cref="FileNotFoundException">The program does not run inside of the repository.</exception>
    public static string Find()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "QuantBuild.sln")))
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException("The tests do not run inside of the repository.");
        return root;
    }
}
