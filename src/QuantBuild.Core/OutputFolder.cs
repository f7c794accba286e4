namespace QuantBuild;

/// <summary>Where the files of a project go. A file is whole or not there: it is written beside its place and renamed.</summary>
internal sealed class OutputFolder(string directory)
{
    public string PathOf(string fileName) => Path.Combine(directory, fileName);

    /// <summary>Leaves a file alone that has these bytes already, so that nothing behind it is built again.</summary>
    public void Write(string fileName, byte[] bytes)
    {
        string path = PathOf(fileName);
        if (File.Exists(path) && new FileInfo(path).Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            return;
        Write(fileName, stream => stream.Write(bytes));
    }

    /// <summary>Writes what is too large to be held.</summary>
    public void Write(string fileName, Action<Stream> write)
    {
        string path = PathOf(fileName);
        string temporary = NewTemporaryFile(fileName);
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A path beside that of the file, which nothing else has. It holds the number of this process, so that builds know when its file is
    /// left over.</summary>
    public string NewTemporaryFile(string fileName)
    {
        Directory.CreateDirectory(directory);
        return $"{PathOf(fileName)}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
    }

    /// <summary>Deletes what died processes left of their work on a file, which nobody else may be writing now.</summary>
    public void DeleteLeftovers(string fileName)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string leftover in Directory.EnumerateFiles(directory, fileName + ".*.tmp"))
            File.Delete(leftover);
    }

    /// <summary>Nothing happens when there is no such file, or no folder yet.</summary>
    public void Delete(string fileName)
    {
        if (File.Exists(PathOf(fileName)))
            File.Delete(PathOf(fileName));
    }
}
