using System.Globalization;
using System.Numerics;

namespace QuantBuild.Onnx;

/// <summary>Reads tensors as people write them: <c>16000</c>, <c>[0,1]</c>, <c>[[1.5,2],[3,4]]</c>, <c>true</c>. Independent of the culture.</summary>
internal static class TensorText
{
    /// <returns>A tensor whose shape is that of the brackets; null when an element is not of the type or out of its range, rows have different
    /// lengths, or the type has no plain numbers.</returns>
    public static OnnxTensor? Read(string text, OnnxElementType type)
    {
        var elements = new List<string>();
        var shape = new List<long>();
        if (!ReadAxes(text, shape, elements))
            return null;
        return type switch
        {
            OnnxElementType.Bool => Truths(shape, elements),
            OnnxElementType.Float => Numbers<float>(type, shape, elements),
            OnnxElementType.Double => Numbers<double>(type, shape, elements),
            OnnxElementType.Float16 => Numbers<Half>(type, shape, elements),
            OnnxElementType.Int8 => Numbers<sbyte>(type, shape, elements),
            OnnxElementType.Int16 => Numbers<short>(type, shape, elements),
            OnnxElementType.Int32 => Numbers<int>(type, shape, elements),
            OnnxElementType.Int64 => Numbers<long>(type, shape, elements),
            OnnxElementType.UInt8 => Numbers<byte>(type, shape, elements),
            OnnxElementType.UInt16 => Numbers<ushort>(type, shape, elements),
            OnnxElementType.UInt32 => Numbers<uint>(type, shape, elements),
            OnnxElementType.UInt64 => Numbers<ulong>(type, shape, elements),
            _ => null,
        };
    }

    /// <summary>False when brackets do not close, an element is missing, or rows have different lengths.</summary>
    public static bool HasShape(string text) => ReadAxes(text, [], []);

    private static bool ReadAxes(string text, List<long> shape, List<string> elements)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        return ReadAxis(ref rest, 0, shape, elements) && rest.Length == 0;
    }

    /// <summary>One element, or one bracket with all that is in it.</summary>
    private static bool ReadAxis(ref ReadOnlySpan<char> rest, int depth, List<long> shape, List<string> elements)
    {
        rest = rest.TrimStart();
        if (!rest.StartsWith("["))
        {
            int end = rest.IndexOfAny(',', ']');
            ReadOnlySpan<char> element = (end < 0 ? rest : rest[..end]).TrimEnd();
            rest = end < 0 ? [] : rest[end..];
            elements.Add(element.ToString());
            return depth == shape.Count && element.Length > 0;
        }
        if (depth == shape.Count)
        {
            if (elements.Count > 0)
                return false;
            shape.Add(-1);
        }
        long count = 0;
        do
        {
            rest = rest[1..];
            if (!ReadAxis(ref rest, depth + 1, shape, elements))
                return false;
            count++;
            rest = rest.TrimStart();
        }
        while (rest.StartsWith(","));
        if (!rest.StartsWith("]") || (shape[depth] >= 0 && shape[depth] != count))
            return false;
        rest = rest[1..].TrimStart();
        shape[depth] = count;
        return true;
    }

    private static OnnxTensor? Numbers<T>(OnnxElementType type, List<long> shape, List<string> elements)
        where T : unmanaged, INumberBase<T>
    {
        bool isInteger = T.IsInteger(T.One / (T.One + T.One));
        NumberStyles style = isInteger ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        var values = new T[elements.Count];
        for (int i = 0; i < values.Length; i++)
            if (!T.TryParse(elements[i], style, CultureInfo.InvariantCulture, out values[i]) || !T.IsFinite(values[i]))
                return null;
        return OnnxTensor.Create<T>(type, [.. shape], values);
    }

    private static OnnxTensor? Truths(List<long> shape, List<string> elements)
    {
        var values = new bool[elements.Count];
        for (int i = 0; i < values.Length; i++)
            if (!bool.TryParse(elements[i], out values[i]))
                return null;
        return OnnxTensor.Create<bool>(OnnxElementType.Bool, [.. shape], values);
    }
}
