using System.Runtime.InteropServices;

namespace QuantBuild.Build;

/// <summary>A platform that the npm package has native libraries for.</summary>
/// <param name="RuntimeIdentifier">NuGet's name of the platform.</param>
/// <param name="NpmFolder">The folder in the npm package, with a slash at the end.</param>
/// <param name="Extension">Extension of the platform's libraries.</param>
internal sealed record NativePlatform(string RuntimeIdentifier, string NpmFolder, string Extension)
{
    public static IReadOnlyList<NativePlatform> All { get; } =
    [
        new("linux-x64", "package/Plugins/Linux/x64/", ".so"),
        new("win-x64", "package/Plugins/Windows/x64/", ".dll"),
        new("win-arm64", "package/Plugins/Windows/arm64/", ".dll"),
        new("osx-arm64", "package/Plugins/macOS/arm64/", ".dylib"),
    ];

    public static NativePlatform Host
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            string identifier = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
            return All.FirstOrDefault(platform => platform.RuntimeIdentifier == identifier)
                ?? throw new BuildFailure(
                    $"ONNX Runtime cannot be packed for {identifier}, only for {string.Join(", ", All.Select(platform => platform.RuntimeIdentifier))}. "
                    + "Add a package source that has Microsoft.ML.OnnxRuntime.");
        }
    }

    /// <summary>Where a NuGet package keeps the platform's libraries.</summary>
    public string NuGetFolder => $"runtimes/{RuntimeIdentifier}/native/";
}
