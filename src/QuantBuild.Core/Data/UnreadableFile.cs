using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>Turns whatever goes wrong with a data file into QB4001.</summary>
/// <param name="DisplayPath">The file's path as the user wrote it.</param>
internal sealed record UnreadableFile(string DisplayPath, DiagnosticOrigin? Origin)
{
    /// <summary>What reading a file or an archive complains with when the file is to blame.</summary>
    public static bool IsReadFailure(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException;

    /// <param name="array">The array that the reason speaks of, or null for the whole file.</param>
    public QuantBuildException Because(string reason, string? array = null, Exception? cause = null) =>
        new(DiagnosticCatalogue.UnreadableData.At(Origin, DisplayPath, TextLine.Of(array is null ? reason : $"array '{array}': {reason}")), cause);

    /// <param name="cause">One that <see cref="IsReadFailure"/>.</param>
    public QuantBuildException From(Exception cause, string? array = null) =>
        Because(cause is EndOfStreamException ? "it ends early; the file is truncated or damaged" : cause.Message, array, cause);

    /// <summary>Runs <paramref name="read"/> and turns its failure into QB4001.</summary>
    public T Guard<T>(Func<T> read, string? array = null)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (IsReadFailure(cause))
        {
            throw From(cause, array);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public void Guard(Action read) => Guard(() =>
    {
        read();
        return true;
    });
}
