using System.Buffers;
using System.Text;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>One value of a record of a text file: a number, a word, or brackets around such, as an array. Reused from record to record.</summary>
/// <param name="elementType">Undefined: found out from what is added.</param>
internal sealed class RecordValue(OnnxElementType elementType)
{
    private const int MostAxes = 16;

    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<string> strings = [];
    private readonly List<long> shape = [];
    private readonly Stack<long> open = new();
    private int? leafDepth;
    private bool hasText;
    private bool hasFraction;
    private bool hasTruth;
    private bool hasInteger;

    /// <summary>Lengths of the axes.</summary>
    public IReadOnlyList<long> Shape => shape;

    public ReadOnlySpan<byte> Bytes => elementType == OnnxElementType.String ? SampleStrings.ToBytes(strings) : bytes.WrittenSpan;

    /// <summary>The narrowest type that holds everything that was added since this was made, cleared or not.</summary>
    public OnnxElementType FoundType =>
        hasText || (hasTruth && (hasInteger || hasFraction)) ? OnnxElementType.String
        : hasTruth ? OnnxElementType.Bool
        : hasFraction ? OnnxElementType.Double
        : OnnxElementType.Int64;

    public void Clear()
    {
        bytes.ResetWrittenCount();
        strings.Clear();
        shape.Clear();
        open.Clear();
        leafDepth = null;
    }

    /// <exception cref="InvalidDataException">Brackets are nested too deeply, or beside a number.</exception>
    public void OpenBracket()
    {
        if (open.Count == MostAxes)
            throw new InvalidDataException($"its brackets are nested more than {MostAxes} deep");
        Count();
        open.Push(0);
        if (shape.Count < open.Count)
            shape.Add(-1);
    }

    /// <exception cref="InvalidDataException">The brackets of one axis hold different numbers of values.</exception>
    public void CloseBracket()
    {
        int depth = open.Count;
        long length = open.Pop();
        if (length == 0)
            Leaf(depth);
        if (shape[depth - 1] >= 0 && shape[depth - 1] != length)
            throw new InvalidDataException($"its brackets hold {shape[depth - 1]} values here and {length} there");
        shape[depth - 1] = length;
    }

    /// <exception cref="InvalidDataException">It is no number that the type holds.</exception>
    public void AddNumber(ReadOnlySpan<byte> utf8)
    {
        Element();
        if (elementType == OnnxElementType.Undefined)
        {
            hasInteger |= NumberText.IsInteger(utf8);
            hasFraction |= !NumberText.IsInteger(utf8);
        }
        else if (elementType == OnnxElementType.String)
        {
            strings.Add(Encoding.UTF8.GetString(utf8));
        }
        else if (!NumberText.TryAppend(elementType, utf8, bytes))
        {
            throw Misfit(Encoding.UTF8.GetString(utf8));
        }
    }

    public void AddTruth(bool value)
    {
        Element();
        hasTruth = true;
        if (elementType == OnnxElementType.Bool)
            bytes.Write([value ? (byte)1 : (byte)0]);
        else if (elementType == OnnxElementType.String)
            strings.Add(value ? "true" : "false");
        else if (elementType != OnnxElementType.Undefined)
            throw Misfit(value ? "true" : "false");
    }

    public void AddText(string text)
    {
        Element();
        hasText = true;
        if (elementType == OnnxElementType.String)
            strings.Add(text);
        else if (elementType != OnnxElementType.Undefined)
            throw Misfit(text);
    }

    private InvalidDataException Misfit(string text) => new($"'{TextLine.Of(text, 40)}' is not a value of the type {elementType.DisplayName()}");

    private void Element()
    {
        Leaf(open.Count);
        Count();
    }

    private void Count()
    {
        if (open.Count > 0)
            open.Push(open.Pop() + 1);
    }

    private void Leaf(int depth)
    {
        if ((leafDepth ??= depth) != depth || shape.Count > depth)
            throw new InvalidDataException("its brackets are nested to different depths");
    }
}
