using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace QuantBuild.Build;

/// <summary>The npm package that carries the C# sources and the CPU libraries of ONNX Runtime 1.29.0, downloaded and verified.</summary>
internal sealed class OnnxRuntimeNpmPackage
{
    public const string Name = "com.github.asus4.onnxruntime@0.4.9";

    /// <summary>SHA-512 in base 64, as the npm registry publishes it.</summary>
    private const string Sha512 = "BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==";

    private const string SourceFolder = "package/Runtime/";

    private readonly string archive;

    private OnnxRuntimeNpmPackage(string archive)
    {
        this.archive = archive;
    }

    public static OnnxRuntimeNpmPackage Download(string folder)
    {
        try
        {
            CommandRunner.Npm("pack", Name, "--ignore-scripts", "--silent").In(folder).CaptureOrFail();
        }
        catch (BuildFailure cause)
        {
            throw new BuildFailure(
                $"No package source has Microsoft.ML.OnnxRuntime, and it could not be made from the npm package {Name}. "
                + "Either add a package source that has it, or install Node.js (npm) and allow access to the npm registry. "
                + cause.Message, cause);
        }

        string archive = Path.Combine(folder, Name.Replace('@', '-') + ".tgz");
        Verify(archive);
        return new OnnxRuntimeNpmPackage(archive);
    }

    /// <summary>Writes the C# sources to <c>sources</c>, the libraries to <c>runtimes</c>, each as NuGet lays them out, and the
    /// licences beside them.</summary>
    public void Unpack(string folder, IReadOnlyList<NativePlatform> platforms)
    {
        using FileStream file = File.OpenRead(archive);
        using GZipStream unzipped = new(file, CompressionMode.Decompress);
        using TarReader reader = new(unzipped);
        while (reader.GetNextEntry() is { } entry)
        {
            if (Destination(entry.Name, platforms) is not { } destination)
                continue;

            string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            string path = Path.GetFullPath(Path.Combine(root, destination));
            if (!path.StartsWith(root, StringComparison.Ordinal) || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new BuildFailure($"The npm package {Name} holds '{entry.Name}', which is not a plain file inside of the package.");

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: false);
        }
    }

    /// <summary>Where a file of the archive belongs, relative to the folder; null for files that nobody needs.</summary>
    private static string? Destination(string name, IReadOnlyList<NativePlatform> platforms)
    {
        if (name is "package/LICENSE" or "package/ThirdPartyNotices.txt")
            return name["package/".Length..];

        if (name.StartsWith(SourceFolder, StringComparison.Ordinal) && name.EndsWith(".cs", StringComparison.Ordinal))
            return "sources/" + name[SourceFolder.Length..];

        NativePlatform? platform = platforms.FirstOrDefault(platform =>
            name.StartsWith(platform.NpmFolder, StringComparison.Ordinal) && name.EndsWith(platform.Extension, StringComparison.Ordinal));
        return platform is null ? null : platform.NuGetFolder + name[platform.NpmFolder.Length..];
    }

    private static void Verify(string archive)
    {
        using FileStream file = File.OpenRead(archive);
        string actual = Convert.ToBase64String(SHA512.HashData(file));
        if (actual != Sha512)
            throw new BuildFailure($"The npm package {Name} is not the expected one: its SHA-512 is {actual}, expected was {Sha512}. Nothing of it was used.");
    }
}
