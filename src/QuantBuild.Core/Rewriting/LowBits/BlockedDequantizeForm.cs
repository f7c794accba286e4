using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>A product by a matrix that standard operators of opset 21 restore.</summary>
/// <remarks>
/// <code>
/// MatMul(x, w)   →      MatMul(x, DequantizeLinear(codes, scales, zero points; axis 0, block_size))
/// codes [in, out] of int4 or int8, with zero points of uint4 or uint8; scales and zero points [blocks, out]
/// </code>
/// ONNX Runtime makes MatMulNBits of both nodes when it loads the model, with accuracy level 4. Measured with ONNX Runtime 1.29 for 8 products of
/// 1024 x 1024, 4 bits, blocks of 32: both run in the same time (100 microseconds for a row, 807 in float), their files differ by 40 bytes a weight, and
/// making the kernel takes 3 milliseconds a weight more at load than MatMulNBits as it stands (52 and 30 in all; 400 when weights are restored). So it is
/// taken for what it is made of alone: standard operators, where the model has their version already. What it leaves as it is, it computes anew at every run: nothing else reads such
/// a node, and a Gemm is written as a product and a sum.
/// </remarks>
internal sealed class BlockedDequantizeForm(GraphEditor editor, ConstantPool constants)
{
    public void Write(string name, LowBitWeight weight)
    {
        LevelGrid grid = weight.Grid;
        int block = LowBitForms.ProductBlock(grid.Columns, grid.BlockColumns)
            ?? throw new ArgumentException("DequantizeLinear cannot hold the blocks.", nameof(weight));
        var codes = new BlockCodes(weight, grid.Bits, block);
        byte[]? zeros = codes.ZeroPoints();
        OnnxElementType type = (grid.Bits, zeros) switch
        {
            (4, null) => OnnxElementType.Int4,
            (4, _) => OnnxElementType.UInt4,
            (_, null) => OnnxElementType.Int8,
            _ => OnnxElementType.UInt8,
        };
        string data = Store(type, [codes.Columns, codes.Channels], ColumnsFirst(weight.Codes, codes.Channels), zeros is null ? grid.SymmetricZero : 0, grid.Bits);
        string scales = new StoredScales(editor, constants).Store(ColumnsFirst(codes.Scales(), codes.Channels), [codes.Blocks, codes.Channels]);
        string? points = zeros is null ? null : Store(type, [codes.Blocks, codes.Channels], ColumnsFirst(zeros, codes.Channels), 0, grid.Bits);
        foreach (OnnxNode node in editor.Graph.ConsumersOf(name).ToArray())
        {
            ProductReader.DetachBias(editor, node);
            string restored = editor.UniqueName(name);
            editor.AddNode("DequantizeLinear", points is null ? [data, scales] : [data, scales, points], [restored])
                .SetInt("axis", 0).SetInt("block_size", block);
            editor.SetInputs(node, node.Inputs[0], restored);
            editor.SetOperator(node, "MatMul");
        }
    }

    /// <param name="offset">Subtracted from each code.</param>
    private string Store(OnnxElementType type, long[] shape, byte[] codes, int offset, int bits)
    {
        var packed = new byte[type.SizeBytes(codes.Length)];
        for (int i = 0; i < codes.Length; i++)
            if (bits == 8)
                packed[i] = (byte)(codes[i] - offset);
            else
                packed[i / 2] |= (byte)(((codes[i] - offset) & 15) << (i % 2 * 4));
        return constants.Store(OnnxTensor.Wrap(type, shape, packed));
    }

    /// <summary>[rows, columns] → [columns, rows]</summary>
    private static T[] ColumnsFirst<T>(T[] matrix, int rows)
    {
        int columns = matrix.Length / rows;
        var transposed = new T[matrix.Length];
        for (int row = 0, i = 0; row < rows; row++)
            for (int column = 0; column < columns; column++, i++)
                transposed[(column * rows) + row] = matrix[i];
        return transposed;
    }
}
