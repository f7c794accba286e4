using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Models.Fetching;

/// <summary>Where everything that the table needs is kept: an ignored folder of the repository.</summary>
internal static class ModelFolder
{
    private static readonly string Root = Path.Combine(RepositoryFolder.Find(), "artifacts", "models");

    public static string Packages => Path.Combine(Root, "npm");

    public static string Pixels => Path.Combine(Root, "pixels");

    /// <summary>Calibration and validation data of one model.</summary>
    public static string DataOf(string model) => Directory.CreateDirectory(Path.Combine(Root, "data", model)).FullName;

    /// <summary>Empty, for the requests and the outputs of one run of the worker.</summary>
    public static string NewBuild(string model, string job)
    {
        string folder = Path.Combine(Root, "builds", model, job);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
