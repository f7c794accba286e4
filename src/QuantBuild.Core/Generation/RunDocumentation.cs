using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>The documentation comment of <c>Run</c>, with names, types and shapes as the model has them.</summary>
internal static class RunDocumentation
{
    private const string Once = "Runs the model once. May be called from several threads at the same time.";

    /// <param name="crefPrefix">Makes a reference to a type of the name of one, as the language's compiler finds it.</param>
    /// <returns>Lines of XML, without what starts a comment.</returns>
    public static IEnumerable<string> Of(ModelSignature signature, DimensionPlan plan, RunNames names, string crefPrefix, string summary = Once)
    {
        yield return $"<summary>{summary}</summary>";
        foreach (string line in Parameters(signature, plan, names))
            yield return line;
        yield return Parameter(names.Token, "Ends the run early.");
        yield return $"<exception cref=\"{crefPrefix}System.ArgumentException\">The length of an input does not fit its shape.</exception>";
        yield return $"<exception cref=\"{crefPrefix}System.OperationCanceledException\">The call was cancelled before it was done.</exception>";
    }

    /// <summary>What the caller gives, without the token.</summary>
    public static IEnumerable<string> Parameters(ModelSignature signature, DimensionPlan plan, RunNames names)
    {
        for (int input = 0; input < signature.Inputs.Count; input++)
            yield return Parameter(names.Inputs[input], Describe(signature.Inputs[input]));
        for (int input = 0; input < signature.Inputs.Count; input++)
        {
            if (names.Shapes[input] is { } shape)
                yield return Parameter(shape, $"Shape of <c>{names.Inputs[input]}</c>, which the model leaves open.");
        }
        foreach (UnknownDimension dimension in plan.Parameters)
            yield return Parameter(names[dimension], Describe(dimension, names));
    }

    private static string Parameter(string name, string text) => $"<param name=\"{name}\">{text}</param>";

    public static string Describe(TensorSignature input)
    {
        string handling = ElementTypes.AreKnown(input) ? "Elements in row-major order" : "The caller disposes it";
        return $"Input <c>{DocumentationText.Xml(input.Name)}</c>: {DocumentationText.Xml(input)}. {handling}.";
    }

    public static string Describe(UnknownDimension dimension, RunNames names) => dimension.Symbol is { } symbol
        ? $"Size of the dimension <c>{DocumentationText.Xml(symbol)}</c>."
        : $"Size of axis {Identifiers.Digits(dimension.Axis)} of <c>{names.Inputs[dimension.Input]}</c>, counted from 0.";
}
