using System.Reflection;
using System.Runtime.Loader;

namespace QuantBuild.Providers;

/// <summary>Where code of the user lives, apart from that of this program. Files are read and closed, so that they can be written while the code runs.</summary>
internal sealed class ProviderContext : AssemblyLoadContext
{
    private readonly string folder;
    private readonly AssemblyDependencyResolver? resolver;

    public ProviderContext(string assembly)
        : base(Path.GetFileNameWithoutExtension(assembly), isCollectible: true)
    {
        folder = Path.GetDirectoryName(assembly)!;
        try
        {
            resolver = new AssemblyDependencyResolver(assembly);
        }
        catch (InvalidOperationException)
        {
            // Its list of packages is of another kind of program; what it needs may lie beside it all the same.
        }
    }

    /// <summary>With its symbols where they lie beside it: messages then name lines.</summary>
    public Assembly LoadFile(string path)
    {
        string symbols = Path.ChangeExtension(path, ".pdb");
        using var code = new MemoryStream(File.ReadAllBytes(path));
        using MemoryStream? lines = File.Exists(symbols) ? new MemoryStream(File.ReadAllBytes(symbols)) : null;
        return LoadFromStream(code, lines);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string beside = Path.Combine(folder, assemblyName.Name + ".dll");
        string? path = resolver?.ResolveAssemblyToPath(assemblyName) ?? (File.Exists(beside) ? beside : null);
        return path is null ? null : LoadFile(path);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
