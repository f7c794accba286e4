using QuantBuild.Onnx;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>What a stream turns its codes into.</summary>
internal enum StreamValue
{
    /// <summary>Float: code − 2^(bits − 1).</summary>
    Centred,

    /// <summary>Float: the level of the code.</summary>
    Level,

    /// <summary>Int32: the code.</summary>
    Code,
}

/// <summary>Codes of one or several weights, packed, and the nodes that unpack them. These read constants only, so that a runtime computes them once, at load.</summary>
/// <remarks>
/// <code>
/// 1, 2, 4 bits    Cast(p ≪ [8 − w, 8 − 2w …] ≫ (8 − w))                    each shift of the row of bytes gives a row of codes
/// 3, 5, 6, 7      sums of such parts, moved to their places
/// 8               Cast(p)
/// then            + (−2^(bits − 1)), or Gather(levels, codes); Split when there are several weights
/// </code>
/// BitShift is an operator of opset 11. From opset 21 on, 4-bit codes of one weight are a tensor of uint4, which is unpacked by Cast alone.
/// </remarks>
internal sealed class PackedStream(int bits, StreamValue value, float[]? levels)
{
    /// <summary>The first operator set with 4-bit tensors.</summary>
    private const int OpsetOfUInt4 = 21;

    private readonly List<(string Name, byte[] Codes)> members = [];

    /// <param name="codes">One in each byte.</param>
    /// <param name="name">The value that <see cref="Write"/> produces: vector or matrix of as many elements.</param>
    public void Add(byte[] codes, string name) => members.Add((name, codes));

    public void Write(GraphEditor editor, ConstantPool constants, int opset)
    {
        int length = members.Sum(member => member.Codes.Length);
        OnnxElementType type = value == StreamValue.Code || levels is not null ? OnnxElementType.Int32 : OnnxElementType.Float;
        if (bits == 4 && opset >= OpsetOfUInt4 && members.Count == 1)
        {
            Finish(editor, constants, Cast(editor, StoreUInt4(constants, members[0].Codes), type), members[0].Name);
            return;
        }

        int padding = bits == 8 ? 0 : -length & (BitPlanes.Multiple - 1);
        var codes = new byte[length + padding];
        int next = 0;
        foreach ((_, byte[] part) in members)
        {
            part.CopyTo(codes, next);
            next += part.Length;
        }
        BitPlane[] planes = [.. BitPlanes.Of(bits)];
        string[] parts = [.. planes.Select(plane => Cast(editor, Unpack(editor, constants, codes, plane, flat: planes.Length > 1), type))];
        string sum = parts.Skip(1).Aggregate(parts[0], (left, right) => Node(editor, "Add", left, right));
        if (members.Count == 1 && padding == 0)
        {
            Finish(editor, constants, sum, members[0].Name);
            return;
        }
        string all = Finish(editor, constants, sum, null);
        if (planes is [{ Width: < 8 }])
            all = Node(editor, "Reshape", all, constants.Store(OnnxTensor.Int64s(-1)));
        long[] sizes = [.. members.Select(member => (long)member.Codes.Length), .. padding > 0 ? [(long)padding] : Array.Empty<long>()];
        string[] names = [.. members.Select(member => member.Name), .. padding > 0 ? [editor.UniqueName("rest")] : Array.Empty<string>()];
        editor.AddNode("Split", [all, constants.Store(OnnxTensor.Int64s(sizes))], names);
    }

    private static string Unpack(GraphEditor editor, ConstantPool constants, byte[] codes, BitPlane plane, bool flat)
    {
        if (plane.Width == 8)
            return constants.Store(OnnxTensor.Wrap(OnnxElementType.UInt8, [codes.Length], codes));
        byte[] packed = BitPlanes.Pack(codes, plane);
        byte[] left = [.. Enumerable.Range(1, plane.CodesPerByte).Select(part => (byte)(8 - (part * plane.Width)))];
        string rows = Shift(editor, "LEFT", constants.Store(OnnxTensor.Wrap(OnnxElementType.UInt8, [1, packed.Length], packed)),
            constants.Store(OnnxTensor.Wrap(OnnxElementType.UInt8, [left.Length, 1], left)));
        string unpacked = Shift(editor, "RIGHT", rows, Amount(constants, 8 - plane.Width));
        if (plane.Position > 0)
            unpacked = Shift(editor, "LEFT", unpacked, Amount(constants, plane.Position));
        return flat ? Node(editor, "Reshape", unpacked, constants.Store(OnnxTensor.Int64s(-1))) : unpacked;
    }

    private string Finish(GraphEditor editor, ConstantPool constants, string codes, string? name)
    {
        string finished = name ?? editor.UniqueName("levels");
        switch (value)
        {
            case StreamValue.Level:
                editor.AddNode("Gather", [constants.Store(OnnxTensor.Float([levels!.Length], levels)), codes], [finished]);
                return finished;
            case StreamValue.Centred:
                editor.AddNode("Add", [codes, constants.Scale(-(1 << (bits - 1)))], [finished]);
                return finished;
            default:
                if (name is null)
                    return codes;
                editor.AddNode("Identity", [codes], [finished]);
                return finished;
        }
    }

    private static string StoreUInt4(ConstantPool constants, byte[] codes)
    {
        var packed = new byte[(codes.Length + 1) / 2];
        for (int i = 0; i < codes.Length; i++)
            packed[i / 2] |= (byte)(codes[i] << (i % 2 * 4));
        return constants.Store(OnnxTensor.Wrap(OnnxElementType.UInt4, [codes.Length], packed));
    }

    private static string Amount(ConstantPool constants, int amount) => constants.Store(OnnxTensor.Wrap(OnnxElementType.UInt8, [], [(byte)amount]));

    private static string Shift(GraphEditor editor, string direction, string values, string amounts)
    {
        string shifted = editor.UniqueName("shifted");
        editor.AddNode("BitShift", [values, amounts], [shifted]).SetString("direction", direction);
        return shifted;
    }

    private static string Cast(GraphEditor editor, string values, OnnxElementType type)
    {
        string cast = editor.UniqueName("codes");
        editor.AddNode("Cast", [values], [cast]).SetInt("to", (long)type);
        return cast;
    }

    private static string Node(GraphEditor editor, string opType, params string[] inputs)
    {
        string output = editor.UniqueName("codes");
        editor.AddNode(opType, inputs, [output]);
        return output;
    }
}
