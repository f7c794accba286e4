using QuantBuild.Onnx;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Codes of one or several weights, packed, and the nodes that unpack them. These read constants only, so that a runtime computes them once, at load.</summary>
/// <remarks>
/// <code>
/// 1, 2, 4 bits    Cast(p ≪ [8 − w, 8 − 2w …] ≫ (8 − w))                    each shift of the row of bytes gives a row of codes
/// 3, 5, 6, 7      sums of such parts, moved to their places
/// 8               Cast(p)
/// then            + (−2^(bits − 1)) when they are centred; Split when there are several weights
/// </code>
/// BitShift is an operator of opset 11. From opset 21 on, 4-bit codes of one weight are a tensor of uint4, which is unpacked by Cast alone. (Measured with
/// ONNX Runtime 1.29: all of it is computed at load, for 33 million codes too, in 1.1 s by Cast, 1.4 s by shifts and 2.1 s in two parts, a core; int8 takes
/// 0.9 s. Sums of bytes times powers of two in 64 bits take 6 s. Tensors of 2 bits need opset 25.)
/// </remarks>
/// <param name="centred">They become floats around zero, code − 2^(bits − 1); otherwise int32, the codes themselves.</param>
internal sealed class PackedStream(int bits, bool centred)
{
    /// <summary>The first operator set with 4-bit tensors.</summary>
    private const int OpsetOfUInt4 = 21;

    private readonly List<(string Name, byte[] Codes)> members = [];

    /// <param name="codes">One in each byte.</param>
    /// <param name="name">The value that <see cref="Write"/> produces: vector or matrix of as many elements.</param>
    public void Add(byte[] codes, string name) => members.Add((name, codes));

    public void Write(GraphEditor editor, ConstantPool constants, int opset)
    {
        if (bits == 4 && opset >= OpsetOfUInt4 && members.Count == 1)
        {
            editor.SetOutput(Centre(editor, constants, Cast(editor, StoreUInt4(constants, members[0].Codes))), 0, members[0].Name);
            return;
        }

        int length = members.Sum(member => member.Codes.Length);
        int padding = bits == 8 ? 0 : -length & (BitPlanes.Multiple - 1);
        var codes = new byte[length + padding];
        int next = 0;
        foreach ((_, byte[] part) in members)
        {
            part.CopyTo(codes, next);
            next += part.Length;
        }
        BitPlane[] planes = [.. BitPlanes.Of(bits)];
        OnnxNode[] parts = [.. planes.Select(plane => Cast(editor, Unpack(editor, constants, codes, plane, flat: planes.Length > 1)))];
        OnnxNode last = Centre(editor, constants, parts.Skip(1).Aggregate(parts[0], (left, right) => Node(editor, "Add", left.Outputs[0], right.Outputs[0])));
        if (members.Count == 1 && padding == 0)
        {
            editor.SetOutput(last, 0, members[0].Name);
            return;
        }
        if (planes is [{ Width: < 8 }])
            last = Node(editor, "Reshape", last.Outputs[0], constants.Store(OnnxTensor.Int64s(-1)));
        long[] sizes = [.. members.Select(member => (long)member.Codes.Length), .. padding > 0 ? [(long)padding] : Array.Empty<long>()];
        string[] names = [.. members.Select(member => member.Name), .. padding > 0 ? [editor.UniqueName("rest")] : Array.Empty<string>()];
        editor.AddNode("Split", [last.Outputs[0], constants.Store(OnnxTensor.Int64s(sizes))], names);
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
        return flat ? Node(editor, "Reshape", unpacked, constants.Store(OnnxTensor.Int64s(-1))).Outputs[0] : unpacked;
    }

    private OnnxNode Centre(GraphEditor editor, ConstantPool constants, OnnxNode codes) =>
        centred ? Node(editor, "Add", codes.Outputs[0], constants.Scale(-(1 << (bits - 1)))) : codes;

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
        OnnxNode shift = Node(editor, "BitShift", values, amounts);
        return shift.SetString("direction", direction).Outputs[0];
    }

    private OnnxNode Cast(GraphEditor editor, string values) =>
        Node(editor, "Cast", values).SetInt("to", (long)(centred ? OnnxElementType.Float : OnnxElementType.Int32));

    private static OnnxNode Node(GraphEditor editor, string opType, params string[] inputs) =>
        editor.AddNode(opType, inputs, [editor.UniqueName("codes")]);
}
