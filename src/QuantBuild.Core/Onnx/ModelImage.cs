using Google.Protobuf;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>A serialized model: the message and, for a large one, the files beside it that hold its large tensors.</summary>
/// <param name="Message">The ONNX file; names in it are relative to the folder of <paramref name="Files"/>.</param>
/// <param name="SizeBytes">Of the message and of the tensors that lie outside of it.</param>
internal sealed record ModelImage(byte[] Message, TensorFiles Files, long SizeBytes)
{
    /// <summary>Where the files are that the message names; null when it is complete in itself.</summary>
    public string? Folder => Files.Folder;

    /// <summary>Version of the standard operators; 0 when there are none.</summary>
    public int Opset => (int)(Parse().OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")?.Version ?? 0);

    /// <summary>The message with another name for the one file of its large tensors.</summary>
    public byte[] Naming(string file)
    {
        ModelProto model = Parse();
        foreach (TensorProto tensor in model.Graph.Initializer)
            if (Files.Find(tensor) is { } region)
                TensorFiles.Point(tensor, file, region.Offset, region.Length);
        return model.ToByteArray();
    }

    internal ModelProto Parse() => ModelProto.Parser.ParseFrom(
        CodedInputStream.CreateWithLimits(new MemoryStream(Message), int.MaxValue, OnnxModelReader.RecursionLimit));

    public static implicit operator ModelImage(byte[] message) => new(message, new TensorFiles(), message.LongLength);
}
