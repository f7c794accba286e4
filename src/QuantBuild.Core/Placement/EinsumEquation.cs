using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Reads which axis of an operand of Einsum is its output channel.</summary>
internal static class EinsumEquation
{
    /// <summary>In <c>bik,kj->bij</c> the last axis of the second operand: of the letters that reach the output and that no other operand has, the last.</summary>
    /// <returns>Null when there is no such letter, or an ellipsis hides which axes there are.</returns>
    public static ChannelAxes? ChannelAxisOf(OnnxNode einsum, int operand)
    {
        string equation = einsum.GetString("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] operands = sides[0].Split(',');
        if (equation.Contains('.', StringComparison.Ordinal) || operand >= operands.Length)
            return null;
        string own = operands[operand];
        string others = string.Concat(operands.Where((_, i) => i != operand));
        // Without an arrow the output has the letters that occur once.
        for (int axis = own.Length - 1; axis >= 0; axis--)
            if (!others.Contains(own[axis], StringComparison.Ordinal) && own.Count(letter => letter == own[axis]) == 1
                && (sides.Length == 1 || sides[1].Contains(own[axis], StringComparison.Ordinal)))
                return new ChannelAxes(axis);
        return null;
    }
}
