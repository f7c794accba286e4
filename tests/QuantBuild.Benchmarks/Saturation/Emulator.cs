using System.Diagnostics;
using System.Runtime.InteropServices;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Saturation;

/// <summary>Runs programs of .NET on a processor that adds products of 8 bits in pairs with saturation: AVX2 without VNNI.</summary>
/// <param name="Path">Of <c>qemu-x86_64</c>; null: this machine is such a processor.</param>
internal sealed record Emulator(string? Path)
{
    private const string Package = "qemu-user-static";

    /// <summary>Features that the emulator does not have are taken out: it would warn of them in every thread.</summary>
    private const string Processor = "Haswell,-tsc-deadline,-hle,-rtm,-invpcid,-pcid,-x2apic";

    /// <summary>The emulator crashes when the garbage collector stops threads again and again (seen in a run of minutes): as few of both as there can be,
    /// with 512 MiB (in hexadecimal digits) between two collections. None of it changes a result.</summary>
    private static readonly Dictionary<string, string> Calm = new()
    {
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCgen0size"] = "20000000",
        ["DOTNET_PROCESSOR_COUNT"] = "1",
        ["DOTNET_TieredCompilation"] = "0",
    };

    private static string Folder => System.IO.Path.Combine(RepositoryFolder.Find(), "artifacts", "qemu");

    /// <summary>What is installed, or what a former run has fetched, or else Debian's package, unpacked below <c>artifacts</c>.</summary>
    /// <exception cref="InvalidOperationException">None of these; the message says what to install.</exception>
    public static Emulator Find()
    {
        if (!Vnni.IsSupported)
            return new Emulator((string?)null);
        string fetched = System.IO.Path.Combine(Folder, "usr", "bin", "qemu-x86_64-static");
        IEnumerable<string> installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => new[] { "qemu-x86_64", "qemu-x86_64-static" }.Select(name => System.IO.Path.Combine(folder, name)));
        if (installed.Append(fetched).FirstOrDefault(File.Exists) is { } found)
            return new Emulator(found);

        Directory.CreateDirectory(Folder);
        bool isThere = (Try("apt-get", "download", Package) || (Try("apt-get", "update") && Try("apt-get", "download", Package)))
            && Try("dpkg-deb", "-x", Directory.GetFiles(Folder, Package + "_*.deb").Order(StringComparer.Ordinal).Last(), ".");
        return isThere && File.Exists(fetched)
            ? new Emulator(fetched)
            : throw new InvalidOperationException(
                $"This machine has VNNI and no emulator of one without. Install QEMU's user mode (Debian: apt-get install {Package}), so that qemu-x86_64 is in the PATH.");
    }

    /// <returns>A command line that runs a program of .NET there.</returns>
    public ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        // An emulator takes a file, not a command: the host beside the runtime's folder shared/Microsoft.NETCore.App/VERSION.
        string host = System.IO.Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());
        var start = Path is null
            ? new ProcessStartInfo(host, ["exec", program, .. arguments])
            : new ProcessStartInfo(Path, ["-cpu", Processor, host, "exec", program, .. arguments]);
        foreach ((string name, string value) in Calm)
            start.Environment[name] = value;
        return start;
    }

    private static bool Try(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
            })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
