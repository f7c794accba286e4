using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>A uniform grid in blocks of another length, as operators demand it: scales and zero points are repeated.</summary>
/// <param name="Bits">2, 4 or 8.</param>
/// <param name="Block">A divisor of the grid's own block, or anything when that is the whole row.</param>
internal sealed record BlockCodes(LowBitWeight Weight, int Bits, int Block)
{
    public int Channels => Weight.Grid.Channels;

    public int Columns => Weight.Grid.Columns;

    public int Blocks => (Columns + Block - 1) / Block;

    /// <summary>[channels, blocks]</summary>
    public float[] Scales() => Repeat(block => Weight.Grid.Scales[block]);

    /// <summary>[channels, blocks]; null when all are 2^(bits − 1).</summary>
    public byte[]? ZeroPoints() => Weight.Grid.ZeroPoints is { } zeros ? Repeat(block => zeros[block]) : null;

    /// <summary>[channels, columns · bits / 8]: rows of neighbours, the first in the lowest bits; the last byte of a row is filled with zero bits.</summary>
    public byte[] PackedRows(int columns)
    {
        LevelGrid grid = Weight.Grid;
        byte[] codes = Weight.Codes;
        int rowBytes = PackedBytes(columns);
        var packed = new byte[(long)Channels * rowBytes];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int column = 0; column < grid.Columns; column++)
                Put(packed, channel * rowBytes, column, codes[(channel * grid.Columns) + column]);
            // What stands behind the last column counts for nothing, and as zero it is nothing in any kernel.
            for (int column = grid.Columns; column < columns; column++)
                Put(packed, channel * rowBytes, column, (byte)grid.ZeroOf(grid.BlockOf(channel, grid.Columns - 1)));
        }
        return packed;
    }

    /// <summary>[channels, ⌈blocks · bits / 8⌉]</summary>
    public byte[] PackedZeroPoints(byte[] zeros)
    {
        int rowBytes = PackedBytes(Blocks);
        var packed = new byte[Channels * rowBytes];
        for (int channel = 0, i = 0; channel < Channels; channel++)
            for (int block = 0; block < Blocks; block++, i++)
                Put(packed, channel * rowBytes, block, zeros[i]);
        return packed;
    }

    public int PackedBytes(int codes) => checked((codes * Bits) + 7) / 8;

    private void Put(byte[] packed, int from, int index, byte code) => packed[from + (index * Bits / 8)] |= (byte)(code << (index * Bits % 8));

    private T[] Repeat<T>(Func<int, T> ofBlock)
    {
        var repeated = new T[Channels * Blocks];
        for (int channel = 0, i = 0; channel < Channels; channel++)
            for (int block = 0; block < Blocks; block++, i++)
                repeated[i] = ofBlock(Weight.Grid.BlockOf(channel, block * Block));
        return repeated;
    }
}
