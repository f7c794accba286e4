using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>Element-wise integer arithmetic with broadcasting. Results that int32 does not hold are left to the runtime.</summary>
internal static class ElementwiseRules
{
    public static IntegerTensor? Apply(string opType, IntegerTensor[] inputs, StaticFacts facts) => (opType, inputs) switch
    {
        ("Neg", [var x]) => Map(x, [x], values => 0 - values[0], facts),
        ("Not", [var x]) => Map(x, [x], values => 1 - values[0], facts),
        ("Add", [var a, var b]) => Arithmetic(a, b, neutral: 0, either: true, (x, y) => x + y, facts),
        ("Sub", [var a, var b]) => Arithmetic(a, b, neutral: 0, either: false, (x, y) => x - y, facts),
        ("Mul", [var a, var b]) => Arithmetic(a, b, neutral: 1, either: true, (x, y) => x * y, facts),
        ("Div", [var a, var b]) when !Array.Exists(b.Values, value => value.Is(0)) =>
            Arithmetic(a, b, neutral: 1, either: false, (x, y) => y == -1 ? 0 - x : x / y, facts),
        ("Min", [var a, var b]) => Map(a, inputs, values => Math.Min(values[0], values[1]), facts),
        ("Max", [var a, var b]) => Map(a, inputs, values => Math.Max(values[0], values[1]), facts),
        ("Equal", [var a, var b]) => Equal(a, b, facts),
        ("Less", [var a, var b]) => Compare(a, inputs, (x, y) => x < y, facts),
        ("Greater", [var a, var b]) => Compare(a, inputs, (x, y) => x > y, facts),
        ("LessOrEqual", [var a, var b]) => Compare(a, inputs, (x, y) => x <= y, facts),
        ("GreaterOrEqual", [var a, var b]) => Compare(a, inputs, (x, y) => x >= y, facts),
        ("And", [var a, var b]) => Map(a, inputs, values => values[0] & values[1], facts),
        ("Xor", [var a, var b]) => Map(a, inputs, values => values[0] ^ values[1], facts),
        ("Or", [var a, var b]) => Map(a, inputs, values => values[0] | values[1], facts),
        ("Where", [var condition, var a, var b]) => Select(condition, a, b, facts),
        _ => null,
    };

    /// <param name="neutral">The right operand that leaves the left one as it is, so that symbols live on.</param>
    /// <param name="either">The same holds with the operands exchanged.</param>
    private static IntegerTensor? Arithmetic(
        IntegerTensor a, IntegerTensor b, long neutral, bool either, Func<long, long, long> operation, StaticFacts facts) =>
        Combine(a.ElementType, [a, b], values =>
            values[0].IsKnown && values[1].IsKnown ? operation(values[0].Value, values[1].Value)
            : values[1].Is(neutral) ? values[0]
            : either && values[0].Is(neutral) ? values[1]
            : facts.NewInteger());

    private static IntegerTensor? Map(IntegerTensor like, IntegerTensor[] inputs, Func<long[], long> operation, StaticFacts facts) =>
        Combine(like.ElementType, inputs, values => Array.TrueForAll(values, value => value.IsKnown)
            ? operation([.. values.Select(value => value.Value)])
            : facts.NewInteger());

    /// <remarks>The size of an axis is never −1: exporters ask that before they expand.</remarks>
    private static IntegerTensor? Equal(IntegerTensor a, IntegerTensor b, StaticFacts facts) =>
        Combine(OnnxElementType.Bool, [a, b], values =>
            values[0] == values[1] ? 1
            : values[0].IsKnown && values[1].IsKnown ? 0
            : values[0].IsNonNegative && values[1] is { IsKnown: true, Value: < 0 } ? 0
            : values[1].IsNonNegative && values[0] is { IsKnown: true, Value: < 0 } ? 0
            : facts.NewInteger());

    private static IntegerTensor? Compare(
        IntegerTensor like, IntegerTensor[] inputs, Func<long, long, bool> operation, StaticFacts facts) =>
        Map(like, inputs, values => operation(values[0], values[1]) ? 1 : 0, facts) is { } result
            ? result with { ElementType = OnnxElementType.Bool }
            : null;

    private static IntegerTensor? Select(IntegerTensor condition, IntegerTensor a, IntegerTensor b, StaticFacts facts) =>
        Combine(a.ElementType, [condition, a, b], values =>
            !values[0].IsKnown ? facts.NewInteger() : values[0].Value != 0 ? values[1] : values[2]);

    private static IntegerTensor? Combine(
        OnnxElementType type, IntegerTensor[] inputs, Func<SymbolicInteger[], SymbolicInteger> operation)
    {
        long[] shape = [];
        foreach (IntegerTensor input in inputs)
        {
            if (Broadcast(shape, input.Shape) is not { } wider)
                return null;
            shape = wider;
        }
        long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
        if (length > IntegerTensor.LongestLength)
            return null;
        var values = new SymbolicInteger[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = operation([.. inputs.Select(input => input.Values[SourceIndex(i, shape, input.Shape)])]);
            if (type == OnnxElementType.Int32 && values[i].IsKnown && values[i].Value != (int)values[i].Value)
                return null;
        }
        return new IntegerTensor(type, shape, values);
    }

    private static long[]? Broadcast(long[] a, long[] b)
    {
        var result = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            long left = i > a.Length ? 1 : a[^i];
            long right = i > b.Length ? 1 : b[^i];
            if (left != right && left != 1 && right != 1)
                return null;
            result[^i] = left == 1 ? right : left;
        }
        return result;
    }

    /// <summary>Where the element of the result at a flat index comes from in an operand that is broadcast to it.</summary>
    public static long SourceIndex(long index, long[] shape, long[] source)
    {
        long result = 0;
        long step = 1;
        for (int i = 1; i <= source.Length; i++)
        {
            long coordinate = index % shape[^i];
            index /= shape[^i];
            result += source[^i] == 1 ? 0 : coordinate * step;
            step *= source[^i];
        }
        return result;
    }
}
