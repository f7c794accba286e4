namespace QuantBuild.Settings;

/// <summary>Paths that a project file names.</summary>
internal static class ProjectPath
{
    /// <summary>Backslashes work on every system, as they do in MSBuild.</summary>
    public static string Absolute(string projectDirectory, string written) =>
        Path.GetFullPath(written.Replace('\\', Path.DirectorySeparatorChar), projectDirectory);

    /// <summary>Relative to the project, with forward slashes; of a file on another drive only the name.</summary>
    public static string ForReport(string projectDirectory, string written)
    {
        if (!Path.IsPathRooted(written))
            return written.Replace('\\', '/');
        string relative = Path.GetRelativePath(projectDirectory, Absolute(projectDirectory, written));
        return (Path.IsPathRooted(relative) ? Path.GetFileName(relative) : relative).Replace('\\', '/');
    }
}
