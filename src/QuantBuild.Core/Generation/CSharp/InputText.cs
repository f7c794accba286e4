using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>What the source of <c>Run</c> says of its inputs.</summary>
/// <param name="names">Of the parameters.</param>
internal sealed class InputText(ModelSignature signature, RunNames names)
{
    public string? ElementOf(int input) => RuntimeTypes.ElementOf(signature.Inputs[input].ElementType);

    /// <param name="container">Of the elements: a span or a memory.</param>
    public string TypeOf(int input, string container) =>
        ElementOf(input) is { } element ? $"{container}<{element}>" : RuntimeTypes.OrtValue;

    public string Parameter(int input) => CSharpIdentifiers.Escape(names.Inputs[input]);

    /// <summary>A literal.</summary>
    public string ParameterName(int input) => CSharpLiteral.Of(names.Inputs[input]);

    /// <summary>Two literals for messages.</summary>
    public string Texts(int input) => $"{CSharpLiteral.Of(InputShapes.Describe(signature.Inputs[input]))}, {ParameterName(input)}";

    /// <summary>Two literals: what comes before the two sizes that do not agree, and the name of the second input.</summary>
    public string Disagreement(int first, int second, string what)
    {
        string one = DocumentationText.Plain(signature.Inputs[first].Name);
        string other = DocumentationText.Plain(signature.Inputs[second].Name);
        return $"{CSharpLiteral.Of($"The inputs '{one}' and '{other}' do not agree about {what}: by its length, '{one}' has ")}, {CSharpLiteral.Of($" and '{other}' has ")}";
    }

    public string ShapeOf(int input, UnknownDimension? except = null)
    {
        if (names.Shapes[input] is { } shape)
            return shape + ".ToArray()";
        string[] dimensions = InputShapes.Dimensions(signature, input, names, (CSharpIdentifiers.Escape, CSharpLiteral.Of), except);
        return dimensions.Length == 0 ? "new long[0]" : $"new long[] {{ {string.Join(", ", dimensions)} }}";
    }

    /// <summary>The value of the runtime that holds the input.</summary>
    public string ValueOf(int input)
    {
        OnnxElementType type = signature.Inputs[input].ElementType;
        if (ElementOf(input) is not { } element)
            return $"{Parameter(input)} ?? throw new {RuntimeTypes.ArgumentNullException}({ParameterName(input)})";
        if (type == OnnxElementType.String)
            return $"CreateStringTensor({Parameter(input)}, {ShapeOf(input)}, {Texts(input)})";
        string elements = RuntimeTypes.Cast(Parameter(input), element, RuntimeTypes.StoredElementOf(type));
        return $"CreateTensor({elements}, {ShapeOf(input)}, {RuntimeTypes.TensorElementType}.{type}, {Texts(input)})";
    }
}
