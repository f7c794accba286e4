using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>The shapes in which codes are multiplied by one scale per block, and how the tensor comes out of the product.</summary>
/// <remarks>
/// <code>
/// one block a channel      [tensor's shape]          · [1, channels, 1]            order of the tensor
/// [channels, columns]      [channels, blocks, block] · [channels, blocks, 1]       the last block whole
/// [columns, channels]      [blocks, block, channels] · [blocks, 1, channels]       the last block whole
/// otherwise                [channels, columns]       · [channels, columns]         scales repeated and cut; transposed behind it when outer &gt; 1
/// </code>
/// </remarks>
internal sealed record BlockArrangement
{
    /// <summary>Of the codes.</summary>
    public required long[] Codes { get; init; }

    /// <summary>Of scales and zero points.</summary>
    public required long[] Blocks { get; init; }

    /// <summary>Of what channels have one of.</summary>
    public required long[] Channels { get; init; }

    /// <summary>The codes lie in the order of the tensor, otherwise in that of the matrix.</summary>
    public required bool InOrderOfTensor { get; init; }

    /// <summary>Scales and zero points are stored block by block, otherwise channel by channel.</summary>
    public bool BlocksFirst { get; init; }

    /// <summary>Scales and zero points must be repeated to the length of a block and cut to the columns.</summary>
    public bool LastBlockIsShorter { get; init; }

    /// <summary>The product, seen as [channels, outer, inner], must become [outer, channels, inner].</summary>
    public bool Transposed { get; init; }

    public static BlockArrangement Of(LowBitWeight weight, IReadOnlyList<long> shape)
    {
        WeightMatrix matrix = weight.Matrix;
        long blocks = weight.Grid.BlocksPerChannel;
        long block = weight.Grid.BlockColumns;
        if (blocks == 1)
        {
            long[] scales = ScaleShape(matrix, shape);
            return new BlockArrangement { Codes = [.. shape], Blocks = scales, Channels = scales, InOrderOfTensor = true };
        }
        bool whole = matrix.Columns % block == 0;
        if (whole && matrix.Inner == 1)
            return new BlockArrangement
            {
                Codes = [blocks, block, matrix.Channels],
                Blocks = [blocks, 1, matrix.Channels],
                Channels = [matrix.Channels],
                InOrderOfTensor = true,
                BlocksFirst = true,
            };
        return new BlockArrangement
        {
            Codes = whole ? [matrix.Channels, blocks, block] : [matrix.Channels, matrix.Columns],
            Blocks = [matrix.Channels, blocks, 1],
            Channels = whole ? [matrix.Channels, 1, 1] : [matrix.Channels, 1],
            InOrderOfTensor = false,
            LastBlockIsShorter = !whole,
            Transposed = matrix.Outer > 1,
        };
    }

    /// <summary>From [channels, blocks] to the order in which scales and zero points are stored.</summary>
    public T[] Arrange<T>(T[] values, int channels)
    {
        if (!BlocksFirst)
            return values;
        int blocks = values.Length / channels;
        var arranged = new T[values.Length];
        for (int block = 0, i = 0; block < blocks; block++)
            for (int channel = 0; channel < channels; channel++, i++)
                arranged[i] = values[(channel * blocks) + block];
        return arranged;
    }

    /// <summary>The axes of the tensor that are the channels keep their lengths, all others have 1.</summary>
    private static long[] ScaleShape(WeightMatrix matrix, IReadOnlyList<long> shape)
    {
        int first = 0;
        for (long outer = 1; outer < matrix.Outer || (matrix.Channels > 1 && shape[first] == 1); first++)
            outer *= shape[first];
        int end = first;
        for (long channels = 1; channels < matrix.Channels; end++)
            channels *= shape[end];
        return [.. shape.Take(end).Skip(first), .. Enumerable.Repeat(1L, shape.Count - end)];
    }
}
