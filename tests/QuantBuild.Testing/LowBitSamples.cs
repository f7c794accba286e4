using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Testing;

/// <summary>Weights in few bits that are seeded by a name: what they stand for, not how they were found.</summary>
internal static class LowBitSamples
{
    /// <param name="axes">What is a channel of the tensor.</param>
    /// <param name="block">Columns that share a scale; 0: all.</param>
    public static LowBitWeight Weight(string seed, long[] shape, ChannelAxes axes, int bits, int block = 0, GridKind kind = GridKind.Symmetric)
    {
        var matrix = WeightMatrix.Of(shape, axes);
        int columns = block == 0 ? matrix.Columns : Math.Min(block, matrix.Columns);
        int blocks = matrix.Channels * ((matrix.Columns + columns - 1) / columns);
        float[] scales = SeededValues.Floats(seed + " scales", 0.01f, 0.1f, blocks);
        for (int i = 0; i < blocks; i += 5)
            scales[i] = -scales[i];
        if (kind.HasFlag(GridKind.HalfScales))
            scales = [.. scales.Select(scale => (float)(Half)scale)];
        int count = kind.HasFlag(GridKind.SeveralCodebooks) ? 3 : kind.HasFlag(GridKind.Codebook) ? 1 : 0;
        var grid = new LevelGrid(bits, matrix.Channels, matrix.Columns, columns)
        {
            Scales = scales,
            ZeroPoints = kind.HasFlag(GridKind.Asymmetric) ? Codes(seed + " zeros", bits, blocks) : null,
            Codebooks = count == 0 ? null : [.. Enumerable.Range(0, count).Select(book => SeededValues.Floats($"{seed} book {book}", -1, 1, 1 << bits).Order().ToArray())],
            CodebookOfChannel = count < 2 ? null : [.. SeededValues.Integers(seed + " books", 0, count, matrix.Channels).Select(book => (int)book)],
        };
        return new LowBitWeight(matrix, grid, Codes(seed + " codes", bits, matrix.Length));
    }

    /// <summary>A weight all of whose values are whole numbers of 8 bits: uniform codes times whole factors, or levels of a codebook.</summary>
    public static LowBitWeight WholeNumbers(string seed, long[] shape, ChannelAxes axes, int bits, int block = 0, bool codebook = false)
    {
        LowBitWeight weight = Weight(seed, shape, axes, bits, block, codebook ? GridKind.Codebook : GridKind.Symmetric);
        int most = 1 << (8 - bits);
        return weight with
        {
            Grid = weight.Grid with
            {
                Scales = codebook
                    ? [.. weight.Grid.Scales.Select(_ => 1f)]
                    : [.. SeededValues.Integers(seed + " factors", 1, most + 1, weight.Grid.Scales.Length).Select(factor => (float)factor)],
                Codebooks = codebook ? [[.. weight.Grid.Codebooks![0].Select(level => MathF.Round(level * 127))]] : null,
            },
        };
    }

    private static byte[] Codes(string seed, int bits, int count) => [.. SeededValues.Integers(seed, 0, 1 << bits, count).Select(code => (byte)code)];
}

/// <summary>What a grid has besides symmetric uniform codes and float32 scales.</summary>
[Flags]
internal enum GridKind
{
    Symmetric = 0,
    Asymmetric = 1,
    Codebook = 2,
    SeveralCodebooks = 4,
    HalfScales = 8,
}
