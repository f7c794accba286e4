using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>The documentation comment of <c>Run</c>, with names, types and shapes as the model has them.</summary>
internal static class RunDocumentation
{
    /// <param name="argumentException">The type as the language's compiler finds it in a reference.</param>
    /// <returns>Lines of XML, without what starts a comment.</returns>
    public static IEnumerable<string> Of(ModelSignature signature, DimensionPlan plan, RunNames names, string argumentException)
    {
        yield return "<summary>Runs the model once. May be called from several threads at the same time.</summary>";
        for (int input = 0; input < signature.Inputs.Count; input++)
            yield return Parameter(names.Inputs[input], Describe(signature.Inputs[input]));
        for (int input = 0; input < signature.Inputs.Count; input++)
        {
            if (names.Shapes[input] is { } shape)
                yield return Parameter(shape, $"Shape of <c>{names.Inputs[input]}</c>, which the model leaves open.");
        }
        foreach (UnknownDimension dimension in plan.Parameters)
            yield return Parameter(names[dimension], Describe(dimension, names));
        yield return $"<exception cref=\"{argumentException}\">The length of an input does not fit its shape.</exception>";
    }

    private static string Parameter(string name, string text) => $"<param name=\"{name}\">{text}</param>";

    private static string Describe(TensorSignature input)
    {
        string handling = ElementTypes.AreKnown(input) ? "Elements in row-major order" : "The caller disposes it";
        return $"Input <c>{DocumentationText.Xml(input.Name)}</c>: {DocumentationText.Xml(input)}. {handling}.";
    }

    private static string Describe(UnknownDimension dimension, RunNames names) => dimension.Symbol is { } symbol
        ? $"Size of the dimension <c>{DocumentationText.Xml(symbol)}</c>."
        : $"Size of axis {Identifiers.Digits(dimension.Axis)} of <c>{names.Inputs[dimension.Input]}</c>, counted from 0.";
}
