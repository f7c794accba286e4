using System.Text;

namespace QuantBuild.Data;

/// <summary>Reads the header's text, a literal of Python, by its own small grammar; nothing is ever evaluated.</summary>
/// <remarks><code>
/// header = "{" { string ":" value [","] } "}"       with the keys 'descr', 'fortran_order', 'shape', once each, in any order
/// value  = string | "True" | "False" | "(" { digits ["L"] [","] } ")"        the L is of Python 2
/// </code></remarks>
internal ref struct NpyHeaderParser(ReadOnlySpan<byte> text)
{
    /// <summary>numpy 2 allows 64 axes, and no version more.</summary>
    private const int LargestRank = 64;

    private readonly ReadOnlySpan<byte> text = text;
    private int position;

    /// <param name="headerBytes">Becomes <see cref="NpyHeader.SizeBytes"/>.</param>
    public NpyHeader Parse(int headerBytes)
    {
        string? elementType = null;
        bool? fortranOrder = null;
        List<long>? shape = null;

        Expect('{');
        while (!TryTake('}'))
        {
            string key = ReadString();
            Expect(':');
            switch (key)
            {
                case "descr" when elementType is null:
                    elementType = ReadElementType();
                    break;
                case "fortran_order" when fortranOrder is null:
                    fortranOrder = ReadBoolean();
                    break;
                case "shape" when shape is null:
                    shape = ReadShape();
                    break;
                default:
                    throw Malformed();
            }

            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }

        if (elementType is null || fortranOrder is null || shape is null || Peek() != '\0')
            throw Malformed();
        return new NpyHeader(NpyElementType.Parse(elementType), fortranOrder.Value, shape, headerBytes);
    }

    private string ReadElementType()
    {
        if (Peek() is '[' or '(')
            throw new InvalidDataException("it is a structured array; save each field as an array of its own");
        return ReadString();
    }

    private List<long> ReadShape()
    {
        List<long> shape = [];
        Expect('(');
        while (!TryTake(')'))
        {
            if (shape.Count == LargestRank)
                throw new InvalidDataException($"it has more than {LargestRank} axes");
            shape.Add(ReadDimension());
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return shape;
    }

    private long ReadDimension()
    {
        if (Peek() == '-')
            throw new InvalidDataException("its shape has a negative axis");
        if (!char.IsAsciiDigit(Peek()))
            throw Malformed();

        long value = 0;
        while (position < text.Length && char.IsAsciiDigit((char)text[position]))
        {
            long digit = text[position++] - '0';
            if (value > (long.MaxValue - digit) / 10)
                throw new InvalidDataException("its shape has an axis of more than 2⁶³ entries");
            value = (value * 10) + digit;
        }

        TryTake('L');
        return value;
    }

    private bool ReadBoolean()
    {
        if (TryTakeWord("True"u8))
            return true;
        return TryTakeWord("False"u8) ? false : throw Malformed();
    }

    private string ReadString()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Malformed();

        ReadOnlySpan<byte> rest = text[++position..];
        int length = rest.IndexOf((byte)quote);
        if (length < 0 || rest[..length].Contains((byte)'\\'))
            throw Malformed();
        position += length + 1;
        return Encoding.Latin1.GetString(rest[..length]);
    }

    private void Expect(char character)
    {
        if (!TryTake(character))
            throw Malformed();
    }

    private bool TryTake(char character)
    {
        bool taken = Peek() == character;
        position += taken ? 1 : 0;
        return taken;
    }

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        Peek();
        bool taken = text[position..].StartsWith(word);
        position += taken ? word.Length : 0;
        return taken;
    }

    /// <summary>The next character that is not white space; NUL at the end.</summary>
    private char Peek()
    {
        while (position < text.Length && text[position] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            position++;
        return position < text.Length ? (char)text[position] : '\0';
    }

    private readonly InvalidDataException Malformed() =>
        new($"its header is not that of a numpy array (at character {position})");
}
