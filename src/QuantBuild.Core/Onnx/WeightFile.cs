namespace QuantBuild.Onnx;

/// <summary>Takes the large tensors of a model that is being made, one after the other, so that none has to stay in memory.</summary>
internal sealed class WeightFile : IDisposable
{
    /// <summary>A page, so that the data can be mapped.</summary>
    private const int Alignment = 4096;

    private readonly FileStream stream;

    /// <param name="path">A new file; it is deleted in the end unless it was moved.</param>
    public WeightFile(string path)
    {
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        File = TensorFile.Own(path);
    }

    public TensorFile File { get; }

    /// <summary>The same tensor, lying in the file from now on; small ones stay where they are.</summary>
    public OnnxTensor Append(OnnxTensor tensor)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        if (bytes.Length < TensorFiles.SmallestTensorBytes || tensor.Region?.File == File)
            return tensor;
        long offset = (stream.Length + Alignment - 1) / Alignment * Alignment;
        stream.Position = offset;
        stream.Write(bytes);
        return tensor.MovedTo(new TensorRegion(File, offset, bytes.Length));
    }

    /// <summary>Ends the writing and puts the file where it stays.</summary>
    public void MoveTo(string path)
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        System.IO.File.Move(File.Path, path, overwrite: true);
    }

    public void Dispose()
    {
        stream.Dispose();
        System.IO.File.Delete(File.Path);
    }
}
