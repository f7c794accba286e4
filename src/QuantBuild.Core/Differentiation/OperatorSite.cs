using QuantBuild.Onnx;

namespace QuantBuild.Differentiation;

/// <summary>A node and the constants that decide what it does.</summary>
internal sealed class OperatorSite(OnnxNode node, OnnxGraph graph)
{
    public OnnxNode Node => node;

    /// <summary>Integers of a constant input.</summary>
    /// <returns>Null when the input is left out.</returns>
    /// <exception cref="NotDifferentiableException">The input is computed.</exception>
    public int[]? Integers(int input)
    {
        if (node.Input(input) is not { } name)
            return null;
        return graph.InitializerOf(name) is { ElementType: OnnxElementType.Int64 or OnnxElementType.Int32 } constant
            ? [.. constant.ToInt64Array().Select(Narrow)]
            : throw new NotDifferentiableException($"its input {input} is computed");
    }

    /// <summary>An attribute that became an input in a later version of the operator.</summary>
    public int[]? Integers(string attribute, int input) => node.GetInts(attribute) is { } values ? [.. values.Select(Narrow)] : Integers(input);

    /// <summary>Conditions of a constant input, 1 and 0.</summary>
    /// <returns>Null when the input is no constant.</returns>
    public DenseTensor? Truths(int input) => graph.InitializerOf(node.Input(input)) is { ElementType: OnnxElementType.Bool } constant
        ? new DenseTensor([.. constant.Shape.Select(Narrow)], [.. constant.Values<bool>().ToArray().Select(value => value ? 1f : 0f)])
        : null;

    /// <summary>A float that is constant.</summary>
    /// <exception cref="NotDifferentiableException">The input is computed.</exception>
    public float Number(int input, float whenAbsent)
    {
        if (node.Input(input) is not { } name)
            return whenAbsent;
        return graph.InitializerOf(name) is { ElementType: OnnxElementType.Float, Length: 1 } constant
            ? constant.Floats[0]
            : throw new NotDifferentiableException($"its input {input} is computed");
    }

    /// <summary>Of a constant input.</summary>
    /// <exception cref="NotDifferentiableException">The input is computed.</exception>
    public int[] ShapeOf(int input) => graph.InitializerOf(node.Input(input)) is { } constant
        ? [.. constant.Shape.Select(Narrow)]
        : throw new NotDifferentiableException($"its input {input} is computed");

    public int Int(string attribute, int whenAbsent) => Narrow(node.GetInt(attribute, whenAbsent));

    public int[] Ints(string attribute, int count, int whenAbsent) =>
        node.GetInts(attribute) is { } values ? [.. values.Select(Narrow)] : [.. Enumerable.Repeat(whenAbsent, count)];

    public int[]? IntsOrNull(string attribute) => node.GetInts(attribute) is { } values ? [.. values.Select(Narrow)] : null;

    /// <exception cref="NotDifferentiableException">The condition does not hold.</exception>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new NotDifferentiableException(otherwise);
    }

    /// <summary>Ends of axes are given as very large numbers.</summary>
    private static int Narrow(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
