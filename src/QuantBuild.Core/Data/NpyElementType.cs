using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>The element types of numpy (<c>'&lt;f4'</c>) that are plain little-endian numbers.</summary>
internal static class NpyElementType
{
    /// <exception cref="InvalidDataException">Another type; the message says which and what to do.</exception>
    public static OnnxElementType Parse(string descriptor)
    {
        if (descriptor.Length < 2)
            throw Unsupported($"the unknown type '{Shown(descriptor)}'");

        char byteOrder = descriptor[0];
        string kind = descriptor[1..];
        OnnxElementType type = kind switch
        {
            "f2" => OnnxElementType.Float16,
            "f4" => OnnxElementType.Float,
            "f8" => OnnxElementType.Double,
            "i1" => OnnxElementType.Int8,
            "i2" => OnnxElementType.Int16,
            "i4" => OnnxElementType.Int32,
            "i8" => OnnxElementType.Int64,
            "u1" => OnnxElementType.UInt8,
            "u2" => OnnxElementType.UInt16,
            "u4" => OnnxElementType.UInt32,
            "u8" => OnnxElementType.UInt64,
            "b1" => OnnxElementType.Bool,
            _ => throw Unsupported(kind[0] switch
            {
                'O' => "Python objects, which are never loaded because loading them runs code",
                'U' or 'S' or 'a' or 'T' => "strings",
                'V' => "records or raw bytes",
                'c' => "complex numbers",
                'M' or 'm' => "dates",
                _ => $"the unknown type '{Shown(descriptor)}'",
            }),
        };

        return byteOrder switch
        {
            '<' => type,
            '|' or '=' or '>' when type.SizeBytes() == 1 => type,
            '>' => throw new InvalidDataException($"it holds big-endian numbers; save it with array.astype('<{kind}')"),
            _ => throw Unsupported($"the unknown type '{Shown(descriptor)}'"),
        };
    }

    private static InvalidDataException Unsupported(string what) =>
        new($"it holds {what}; arrays of floats, integers or booleans can be read");

    /// <summary>The file's own words, cut so that a message stays a line.</summary>
    private static string Shown(string descriptor)
    {
        const int Longest = 20;
        string printable = new([.. descriptor.Select(character => character is >= ' ' and <= '~' ? character : '?')]);
        return printable.Length <= Longest ? printable : printable[..Longest] + "…";
    }
}
