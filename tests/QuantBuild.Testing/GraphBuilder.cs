using Google.Protobuf;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>Builds one graph: the main one of a <see cref="ModelBuilder"/>, or a body of If, Loop or Scan, given as an attribute's
/// value.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphProto proto;

    public GraphBuilder()
        : this(new GraphProto { Name = "body" })
    {
    }

    internal GraphBuilder(GraphProto proto) => this.proto = proto;

    public GraphBuilder Input(string name, string? shape, OnnxElementType type = OnnxElementType.Float)
    {
        proto.Input.Add(Value(name, shape, type));
        return this;
    }

    public GraphBuilder Output(string name, string? shape = null, OnnxElementType type = OnnxElementType.Float)
    {
        proto.Output.Add(Value(name, shape, type));
        return this;
    }

    public GraphBuilder Declare(string name, string? shape, OnnxElementType type = OnnxElementType.Float)
    {
        proto.ValueInfo.Add(Value(name, shape, type));
        return this;
    }

    public GraphBuilder Initializer(string name, OnnxTensor tensor)
    {
        proto.Initializer.Add(tensor.ToProto(name));
        return this;
    }

    public GraphBuilder DefaultInput(string name)
    {
        TensorProto tensor = proto.Initializer.First(initializer => initializer.Name == name);
        return Input(name, string.Join(",", tensor.Dims), (OnnxElementType)tensor.DataType);
    }

    internal IEnumerable<NodeProto> Nodes => proto.Node.Select(node => node.Clone());

    /// <param name="inputs">Names separated by blanks; a dash is an input that is left out.</param>
    /// <param name="outputs">As <paramref name="inputs"/>.</param>
    /// <param name="attributes">Values: integers, floats, strings, their arrays, <see cref="OnnxTensor"/>, <see cref="GraphBuilder"/>.
    /// The names <c>name</c> and <c>domain</c> set the node's own.</param>
    public GraphBuilder Node(string opType, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType };
        node.Input.AddRange(Names(inputs));
        node.Output.AddRange(Names(outputs));
        foreach ((string name, object value) in attributes)
            if (name == "name")
                node.Name = (string)value;
            else if (name == "domain")
                node.Domain = (string)value;
            else
                node.Attribute.Add(Attribute(name, value));
        proto.Node.Add(node);
        return this;
    }

    internal static IEnumerable<string> Names(string list) =>
        list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "-" ? "" : name);

    internal static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case float number:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = number;
                break;
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case string[] texts:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case int[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            case float[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case OnnxTensor tensor:
                attribute.Type = AttributeProto.Types.AttributeType.Tensor;
                attribute.T = tensor.ToProto("");
                break;
            case AttributeReference reference:
                attribute = Attribute(name, reference.Example);
                attribute.RefAttrName = reference.Name;
                break;
            case GraphBuilder body:
                attribute.Type = AttributeProto.Types.AttributeType.Graph;
                attribute.G = body.proto.Clone();
                break;
            default:
                throw new ArgumentException($"An attribute cannot be a {value.GetType()}.", nameof(value));
        }
        return attribute;
    }

    private static ValueInfoProto Value(string name, string? shape, OnnxElementType type)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (shape is not null)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (string dimension in shape.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                tensor.Shape.Dim.Add(long.TryParse(dimension, System.Globalization.CultureInfo.InvariantCulture, out long size)
                    ? new TensorShapeProto.Types.Dimension { DimValue = size }
                    : new TensorShapeProto.Types.Dimension { DimParam = dimension });
        }
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}

/// <summary>In a function: the value of an attribute of the call.</summary>
/// <param name="Example">A value of the attribute's type.</param>
internal sealed record AttributeReference(string Name, object Example);
