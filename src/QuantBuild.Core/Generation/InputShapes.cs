using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>Shapes of inputs as <c>Run</c> checks them and speaks of them.</summary>
internal static class InputShapes
{
    /// <summary>The dimensions of an input of known rank in order, each a name of <paramref name="names"/> or a number.</summary>
    /// <param name="write">How the language writes a name and a number.</param>
    /// <param name="except">Is left out, wherever it occurs.</param>
    public static string[] Dimensions(
        ModelSignature signature, int input, RunNames names, (Func<string, string> Name, Func<long, string> Number) write, UnknownDimension? except) =>
    [
        .. Enumerable.Range(0, signature.Inputs[input].Shape!.Count)
            .Select(axis => (Axis: axis, Unknown: UnknownDimension.At(signature, input, axis)))
            .Where(dimension => dimension.Unknown is null || dimension.Unknown != except)
            .Select(dimension => dimension.Unknown is { } unknown
                ? write.Name(names[unknown])
                : write.Number(signature.Inputs[input].Shape![dimension.Axis].Value!.Value)),
    ];

    /// <summary>The beginning of every message about an input.</summary>
    public static string Describe(TensorSignature input)
    {
        string shape = input.Shape is null ? "a shape that the caller gives" : $"the shape [{string.Join(",", input.Shape)}]";
        return $"The input '{DocumentationText.Plain(input.Name)}' has {DocumentationText.Plain(shape)}";
    }
}
