namespace QuantBuild.Caching;

/// <summary>Keeps other processes from working on the same result. The operating system lets go of it when the process dies.</summary>
/// <remarks>The files stay: who deleted one could take it from under somebody who is just opening it. There are 256 of them at most.</remarks>
internal sealed class CacheLock : IDisposable
{
    /// <summary>Sharing and lock violation on Windows, EWOULDBLOCK on Linux and on macOS.</summary>
    private static readonly int[] HeldBySomebody = [unchecked((int)0x80070020), unchecked((int)0x80070021), 11, 35];

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly FileStream stream;

    private CacheLock(FileStream stream)
    {
        this.stream = stream;
    }

    /// <param name="onWait">Called once when somebody else has it.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be made.</exception>
    public static CacheLock Take(string path, Action onWait, CancellationToken cancellation)
    {
        bool told = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken)
                return taken;
            if (!told)
                onWait();
            told = true;
            cancellation.WaitHandle.WaitOne(Poll);
        }
    }

    /// <returns>Null when somebody else has it.</returns>
    public static CacheLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (HeldBySomebody.Contains(exception.HResult))
        {
            return null;
        }
    }

    public void Dispose() => stream.Dispose();
}
