using System.Runtime.InteropServices;

namespace QuantBuild.OnnxRuntime;

/// <summary>Memory that native code has freed and the C library still holds.</summary>
internal static partial class FreedMemory
{
    private static bool canGiveBack = OperatingSystem.IsLinux();

    /// <summary>Hands it to the system. Where the library has no such function, it does so by itself or not at all.</summary>
    public static void GiveBack()
    {
        if (!canGiveBack)
            return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            canGiveBack = false;
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
