using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Onnx;

/// <summary>An ONNX model in memory, its large tensors perhaps in files. Written back untouched, it gives the bytes it was read from.</summary>
internal sealed class OnnxModel
{
    /// <summary>The oldest opset that is read.</summary>
    public const int OldestOpset = 7;

    /// <summary>The newest opset that is read.</summary>
    public const int NewestOpset = 23;

    /// <summary>Protobuf counts lengths in 31 bits; nodes, names and small numbers need some of them.</summary>
    private const long MostMessageBytes = int.MaxValue - (64L << 20);

    private readonly ModelProto proto;

    /// <param name="files">Where initializers of the main graph may lie.</param>
    internal OnnxModel(ModelProto proto, TensorFiles? files = null)
    {
        this.proto = proto;
        Files = files ?? new TensorFiles();
        Graph = new OnnxGraph(proto.Graph, Files);
    }

    /// <summary>A model without nodes.</summary>
    /// <param name="input">Name of its one input, of floats.</param>
    /// <param name="output">Name of the value that it will give.</param>
    public static OnnxModel Empty(int opset, string input, IReadOnlyList<long> shape, string output)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        var graph = new GraphProto { Name = "graph" };
        graph.Input.Add(new ValueInfoProto
        {
            Name = input,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float, Shape = dimensions } },
        });
        graph.Output.Add(new ValueInfoProto { Name = output });
        var proto = new ModelProto { IrVersion = 8, Graph = graph };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        return new OnnxModel(proto);
    }

    public OnnxGraph Graph { get; }

    /// <summary>Version of the standard operators.</summary>
    public int Opset
    {
        get => (int)StandardImport().Version;
        set
        {
            StandardImport().Version = value;
            // IR 7 is what opset 13 came with, IR 10 what 21 did; older readers of IR 3 to 6 demand that initializers are inputs as well.
            proto.IrVersion = Math.Max(proto.IrVersion, value >= 21 ? 10 : 7);
        }
    }

    /// <summary>Version of the file format.</summary>

    /// <summary>The functions that the model defines itself.</summary>
    public IReadOnlyList<OnnxFunction> Functions => [.. proto.Functions.Select(function => new OnnxFunction(function))];

    public ModelSignature Signature => SignatureReader.Read(Graph);

    internal ModelProto Proto => proto;

    /// <summary>Lets the model use operators of another domain; nothing changes when it does already.</summary>
    public void Import(string domain, int version)
    {
        if (proto.OpsetImport.All(import => import.Domain != domain))
            proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
    }

    /// <summary>Makes inputs constants of the same names. The values must have the types of the inputs, and shapes that they allow.</summary>
    /// <returns>This model.</returns>
    public OnnxModel WithFixedInputs(IReadOnlyList<NamedTensor> values)
    {
        foreach (NamedTensor value in values)
        {
            Graph.FixInput(value);
            // Before IR 4 an initializer had to be an input as well.
            proto.IrVersion = Math.Max(proto.IrVersion, 4);
        }
        return this;
    }

    /// <summary>Takes out the functions that nothing calls any more, and imports the operators that they were made of.</summary>
    public void RemoveDeadFunctions()
    {
        while (proto.Functions.FirstOrDefault(function => !IsCalled(new OnnxFunction(function))) is { } dead)
        {
            proto.Functions.Remove(dead);
            foreach (OperatorSetIdProto import in dead.OpsetImport)
                if (!proto.OpsetImport.Any(own => DomainOf(own) == DomainOf(import)))
                    proto.OpsetImport.Add(import.Clone());
        }
    }

    internal TensorFiles Files { get; }

    /// <summary>Names, relative to the model's folder, of the files that hold data of its tensors; in ordinal order.</summary>
    public IReadOnlyCollection<string> ExternalFiles { get; internal set; } = [];

    /// <summary>True when tensors lie in files.</summary>
    public bool HasExternalTensors => proto.Graph.Initializer.Any(tensor => Files.Find(tensor) is not null);

    /// <summary>Of the message and of the tensors that lie outside of it.</summary>
    public long SizeBytes
    {
        get
        {
            Graph.Flush();
            return proto.CalculateSize() + proto.Graph.Initializer.Sum(tensor => Files.Find(tensor)?.Length ?? 0);
        }
    }

    /// <summary>A copy that shares the data of all tensors.</summary>
    public OnnxModel Clone()
    {
        Graph.Flush();
        return new OnnxModel(proto.Clone(), Files.Copy());
    }

    /// <summary>The message alone, for models that have no tensors elsewhere.</summary>
    public byte[] ToBytes()
    {
        Graph.Flush();
        return !HasExternalTensors ? Serialize(proto) : throw new InvalidOperationException("The message does not hold all tensors.");
    }

    /// <summary>The form that a runtime loads. Data in files is not copied.</summary>
    /// <exception cref="InvalidOperationException">The files lie in several folders.</exception>
    /// <exception cref="QuantBuildException">QB2009: the message alone exceeds what protobuf can hold.</exception>
    public ModelImage ToImage()
    {
        if (!HasExternalTensors)
            return ToBytes();

        Graph.Flush();
        ModelProto message = proto.Clone();
        var named = new TensorFiles();
        foreach (TensorProto tensor in message.Graph.Initializer)
            if (Files.Find(tensor) is { } region)
            {
                named.Add(region.File.Name, region.File);
                TensorFiles.Point(tensor, region.File.Name, region.Offset, region.Length);
            }
        return new ModelImage(Serialize(message), named, SizeBytes);
    }

    /// <summary>The form that a runtime loads, needing no other file than the given one.</summary>
    /// <param name="file">Null for a model whose tensors are in memory.</param>
    public ModelImage ToImage(WeightFile? file)
    {
        if (file is not null)
            GatherInto(file);
        return ToImage();
    }

    /// <summary>Copies tensors that lie in other files to one that is being written, so that the model needs no other.</summary>
    private void GatherInto(WeightFile file)
    {
        foreach (TensorProto tensor in proto.Graph.Initializer)
            if (Files.Find(tensor) is not null && file.Append(OnnxTensor.FromProto(tensor, Files, packed: true)!).Region is { } moved)
            {
                Files.Add(moved.File.Location, moved.File);
                TensorFiles.Point(tensor, moved.File.Location, moved.Offset, moved.Length);
            }
    }

    private static byte[] Serialize(ModelProto message)
    {
        long data = message.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        return data < MostMessageBytes
            ? message.ToByteArray()
            : throw new QuantBuildException(DiagnosticCatalogue.MessageTooLarge.At(null, data, MostMessageBytes));
    }

    private OperatorSetIdProto StandardImport() => proto.OpsetImport.First(import => DomainOf(import).Length == 0);

    private bool IsCalled(OnnxFunction function) =>
        Graph.WithBodies.SelectMany(graph => graph.Nodes).Any(function.IsCalledBy) || Functions.Any(caller => caller.Calls(function));

    internal static string DomainOf(OperatorSetIdProto import) => import.Domain == "ai.onnx" ? "" : import.Domain;
}
