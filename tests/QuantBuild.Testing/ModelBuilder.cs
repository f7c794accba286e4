using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>Builds small ONNX models, node by node. Every random value comes from a seed, so a test sees the same model on every
/// machine.</summary>
internal sealed class ModelBuilder
{
    private readonly ModelProto model = new() { ProducerName = "tests", Graph = new GraphProto { Name = "graph" } };
    private readonly GraphBuilder graph;

    /// <param name="opset">Version of the standard operators.</param>
    /// <param name="irVersion">Null: 3 for opset 7 and 8, where every initializer has to be an input too, otherwise 8, which readers take
    /// with any opset.</param>
    public ModelBuilder(int opset = 17, int? irVersion = null)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        model.IrVersion = irVersion ?? (opset < 9 ? 3 : 8);
        graph = new GraphBuilder(model.Graph);
    }

    /// <summary>Imports the operators of another domain.</summary>
    public ModelBuilder Domain(string domain, int version)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    /// <param name="shape">Dimensions, separated by commas: a number is fixed, a name is open. Null: the rank is not declared.</param>
    public ModelBuilder Input(string name, string? shape, OnnxElementType type = OnnxElementType.Float) =>
        With(() => graph.Input(name, shape, type));

    /// <inheritdoc cref="Input"/>
    public ModelBuilder Output(string name, string? shape = null, OnnxElementType type = OnnxElementType.Float) =>
        With(() => graph.Output(name, shape, type));

    /// <summary>Declares an inner value.</summary>
    public ModelBuilder Declare(string name, string? shape, OnnxElementType type = OnnxElementType.Float) =>
        With(() => graph.Declare(name, shape, type));

    public ModelBuilder Node(string opType, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        With(() => graph.Node(opType, inputs, outputs, attributes));

    public ModelBuilder Initializer(string name, OnnxTensor tensor) => With(() => graph.Initializer(name, tensor));

    public ModelBuilder Int64s(string name, params long[] values) => Initializer(name, OnnxTensor.Int64s(values));

    public ModelBuilder Floats(string name, long[] shape, params float[] values) => Initializer(name, OnnxTensor.Float(shape, values));

    /// <summary>Weights from −1 to 1.</summary>
    public ModelBuilder Weights(string name, params long[] shape) => Initializer(name, SeededValues.Tensor(name, -1, 1, shape));

    /// <summary>Values from 0.5 to 1.5, as variances are.</summary>
    public ModelBuilder PositiveWeights(string name, params long[] shape) =>
        Initializer(name, SeededValues.Tensor(name, 0.5f, 1.5f, shape));

    /// <summary>The initializer is listed as an input too, as files of IR 3 have it.</summary>
    public ModelBuilder AsInput(string name) => With(() => graph.DefaultInput(name));

    /// <summary>A function of the model, of the model's own operators.</summary>
    /// <param name="attributes">Names, or names with a default.</param>
    /// <param name="nodes">Only its nodes count.</param>
    public ModelBuilder Function(
        string domain, string name, string inputs, string outputs, FunctionAttribute[] attributes, GraphBuilder nodes, int? opset = null)
    {
        var function = new FunctionProto { Domain = domain, Name = name };
        function.Input.AddRange(GraphBuilder.Names(inputs));
        function.Output.AddRange(GraphBuilder.Names(outputs));
        function.Attribute.AddRange(attributes.Where(attribute => attribute.Default is null).Select(attribute => attribute.Name));
        function.AttributeProto.AddRange(attributes.Where(attribute => attribute.Default is not null)
            .Select(attribute => GraphBuilder.Attribute(attribute.Name, attribute.Default!)));
        function.Node.AddRange(nodes.Nodes);
        function.OpsetImport.AddRange(model.OpsetImport.Select(import => import.Clone()));
        if (opset is { } version)
            function.OpsetImport[0].Version = version;
        model.Functions.Add(function);
        return this;
    }

    public OnnxModel Build() => new(model.Clone());

    public byte[] ToBytes() => Build().ToBytes();

    private ModelBuilder With(Action change)
    {
        change();
        return this;
    }
}

/// <param name="Default">Null: a call that leaves it out leaves it out of the nodes as well.</param>
internal sealed record FunctionAttribute(string Name, object? Default)
{
    public static implicit operator FunctionAttribute(string name) => new(name, null);

    public static implicit operator FunctionAttribute((string Name, object Default) attribute) => new(attribute.Name, attribute.Default);
}
