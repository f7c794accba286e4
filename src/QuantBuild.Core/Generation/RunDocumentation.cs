using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>Writes the documentation comment of <c>Run</c>, with names, types and shapes as the model has them.</summary>
internal static class RunDocumentation
{
    public static void Write(CSharpWriter writer, ModelSignature signature, DimensionPlan plan, RunNames names)
    {
        writer.WriteMember("/// <summary>Runs the model once. May be called from several threads at the same time.</summary>");
        for (int input = 0; input < signature.Inputs.Count; input++)
            WriteParameter(writer, names.Inputs[input], Describe(signature.Inputs[input]));
        for (int input = 0; input < signature.Inputs.Count; input++)
        {
            if (names.Shapes[input] is { } shape)
                WriteParameter(writer, shape, $"Shape of <c>{names.Inputs[input]}</c>, which the model leaves open.");
        }
        foreach (UnknownDimension dimension in plan.Parameters)
            WriteParameter(writer, names[dimension], Describe(dimension, names));
        writer.Write($"/// <exception cref=\"{RuntimeTypes.ArgumentException}\">The length of an input does not fit its shape.</exception>");
    }

    private static void WriteParameter(CSharpWriter writer, string name, string text) =>
        writer.Write($"/// <param name=\"{name}\">{text}</param>");

    private static string Describe(TensorSignature input)
    {
        string handling = RuntimeTypes.ElementOf(input.ElementType) is null ? "The caller disposes it" : "Elements in row-major order";
        return $"Input <c>{DocumentationText.Xml(input.Name)}</c>: {DocumentationText.Xml(input)}. {handling}.";
    }

    private static string Describe(UnknownDimension dimension, RunNames names) => dimension.Symbol is { } symbol
        ? $"Size of the dimension <c>{DocumentationText.Xml(symbol)}</c>."
        : $"Size of axis {CSharpLiteral.Of(dimension.Axis)} of <c>{names.Inputs[dimension.Input]}</c>, counted from 0.";
}
