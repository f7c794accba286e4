using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Tensors of many batches that wait for the part of a model which reads them: in memory while all of them together are small, in a file
/// otherwise.</summary>
/// <param name="mostBytes">In memory.</param>
internal sealed class PutAside(long mostBytes = PutAside.MostBytes) : IDisposable
{
    private const long MostBytes = 64L << 20;

    private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);
    private long held;

    /// <param name="batch">Ascending for each value.</param>
    public void Add(string name, int batch, OutputTensor tensor)
    {
        if (!values.TryGetValue(name, out Value? value))
            values.Add(name, value = new Value(tensor.ElementType));
        if (batch != value.Tensors.Count)
            throw new ArgumentException($"Batch {batch} of '{name}' comes where {value.Tensors.Count} is due.", nameof(batch));
        long[] shape = tensor.Shape.ToArray();
        if (value.File is null && held + tensor.Bytes.Length <= mostBytes)
        {
            held += tensor.Bytes.Length;
            value.Tensors.Add(new Place(shape, tensor.Bytes.ToArray(), 0, tensor.Bytes.Length));
            return;
        }
        value.File ??= new ScratchFile();
        value.Tensors.Add(new Place(shape, null, value.File.Append(tensor.Bytes), tensor.Bytes.Length));
    }

    public OnnxElementType TypeOf(string name) => values[name].Type;

    public InputTensor Get(string name, int batch)
    {
        Value value = values[name];
        Place place = value.Tensors[batch];
        return new InputTensor(name, value.Type, place.Shape, place.Bytes ?? value.File!.Read(place.Offset, place.Length));
    }

    /// <summary>Nobody asks for it any more.</summary>
    public void Drop(string name)
    {
        if (!values.Remove(name, out Value? value))
            return;
        held -= value.Tensors.Sum(place => place.Bytes?.LongLength ?? 0);
        value.File?.Dispose();
    }

    public void Dispose()
    {
        foreach (string name in values.Keys.ToArray())
            Drop(name);
    }

    private sealed class Value(OnnxElementType type)
    {
        public OnnxElementType Type => type;

        public List<Place> Tensors { get; } = [];

        public ScratchFile? File { get; set; }
    }

    private sealed record Place(long[] Shape, byte[]? Bytes, long Offset, int Length);
}
