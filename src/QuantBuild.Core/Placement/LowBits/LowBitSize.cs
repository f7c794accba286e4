namespace QuantBuild.Placement.LowBits;

/// <summary>How many bytes of the file a weight in few bits takes, nodes and names included.</summary>
/// <param name="Bits">1 to 8.</param>
/// <param name="BlockColumns">Columns of the matrix that share a scale.</param>
internal readonly record struct LowBitSize(int Bits, WeightMatrix Matrix, int BlockColumns)
{
    /// <summary>From here on nodes of its own unpack a weight in the folded form.</summary>
    public const int FewestCodesAlone = 1 << 16;

    /// <summary>A tensor with its name, type and shape.</summary>
    private const int TensorBytes = 22;

    /// <summary>Reshape with its shape, Mul, and the part of Split that gives a weight.</summary>
    private const int RestoringBytes = 90;

    /// <summary>Shifts and Cast; codes of 3, 5, 6 and 7 bits have several parts.</summary>
    private const int PartBytes = 120;

    /// <summary>The Add that makes codes of a uniform grid floats around zero.</summary>
    private const int CentringBytes = 20;

    /// <summary>What joins a further part to the first.</summary>
    private const int JoiningBytes = 78;

    /// <summary>What MatMulNBits and GatherBlockQuantized are longer than the operator before them.</summary>
    private const int PackedOperatorBytes = 115;

    /// <summary>DequantizeLinear with an axis and a block.</summary>
    private const int DequantizeBytes = 48;

    private const int CastBytes = 36;

    /// <summary>Reshape and Sub, and the part of Split.</summary>
    private const int ZeroPointBytes = 45;

    /// <summary>Zero points of its own in every block.</summary>
    public bool HasZeroPoints { get; init; }

    /// <summary>Tables of levels; 0 for a uniform grid.</summary>
    public int Codebooks { get; init; }

    /// <summary>All scales are exact in float16.</summary>
    public bool HalfScales { get; init; }

    /// <param name="form">One that can hold the grid.</param>
    public long BytesOf(LowBitForm form)
    {
        if (form == LowBitForm.Folded)
            return FoldedBytes();
        int block = (form == LowBitForm.GatherBlockQuantized
            ? LowBitForms.TableBlock(Matrix.Columns, BlockColumns)
            : LowBitForms.ProductBlock(Matrix.Columns, BlockColumns)) ?? throw new ArgumentOutOfRangeException(nameof(form), form, null);
        long blocks = (Matrix.Columns + block - 1) / block;
        long columns = form == LowBitForm.MatMulNBits ? blocks * block : Matrix.Columns;
        long zeroBytes = !HasZeroPoints ? 0 : form == LowBitForm.BlockedDequantize ? Bytes(Matrix.Channels * blocks) : Matrix.Channels * Bytes(blocks);
        return (Matrix.Channels * Bytes(columns)) + ScaleBytes(Matrix.Channels * blocks) + zeroBytes
            + (TensorBytes * (HasZeroPoints ? 3 : 2)) + (form == LowBitForm.BlockedDequantize ? DequantizeBytes : PackedOperatorBytes);
    }

    private long FoldedBytes()
    {
        long scales = (long)Matrix.Channels * ((Matrix.Columns + BlockColumns - 1) / BlockColumns);
        long scaleBytes = ScaleBytes(scales);
        long zeroBytes = HasZeroPoints ? Bytes(scales) + ZeroPointBytes : 0;
        long books = Codebooks == 0 ? 0 : (Codebooks * sizeof(float) * (1L << Bits)) + TensorBytes + (Codebooks > 1 ? (Matrix.Channels * sizeof(int)) + TensorBytes : 0);
        int parts = int.PopCount(Bits);
        int unpackingBytes = Matrix.Length < FewestCodesAlone ? 0 : (parts * PartBytes) + ((parts - 1) * JoiningBytes) + (Codebooks == 0 ? CentringBytes : 0);
        return Bytes(Matrix.Length) + scaleBytes + zeroBytes + books + RestoringBytes + TensorBytes + unpackingBytes;
    }

    private long ScaleBytes(long scales) => HalfScales ? Math.Min((scales * 2) + CastBytes, scales * 4) : scales * 4;

    private long Bytes(long codes) => ((codes * Bits) + 7) / 8;
}
