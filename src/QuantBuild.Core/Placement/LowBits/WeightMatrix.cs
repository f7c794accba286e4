namespace QuantBuild.Placement.LowBits;

/// <summary>A weight seen as a matrix: a row for every output channel, and in it, in the order of the tensor, everything that the channel is multiplied with.</summary>
/// <remarks>
/// The tensor is [outer, channels, inner] with the channel axes merged, and a row is [outer, inner]:
/// <code>
/// Conv [out, in/group, kernel…], Gemm transB [out, in], Gather [words, width]     outer 1
/// MatMul, Gemm [in, out]                                                          inner 1
/// ConvTranspose [in, out, kernel…]                                                both
/// </code>
/// </remarks>
/// <param name="Outer">Product of the axes before the channels.</param>
/// <param name="Channels">Rows of the matrix.</param>
/// <param name="Inner">Product of the axes after the channels.</param>
internal readonly record struct WeightMatrix(int Outer, int Channels, int Inner)
{
    /// <summary>Weights of one channel.</summary>
    public int Columns => Outer * Inner;

    public int Length => Columns * Channels;

    /// <param name="shape">Of the tensor.</param>
    /// <param name="axes">What is a channel.</param>
    /// <exception cref="OverflowException">The tensor has more than 2³¹ − 1 elements.</exception>
    public static WeightMatrix Of(IReadOnlyList<long> shape, ChannelAxes axes)
    {
        long[] merged = axes.MergedShape(shape);
        var matrix = new WeightMatrix(Product(merged[..axes.First]), checked((int)merged[axes.First]), Product(merged[(axes.First + 1)..]));
        _ = checked(matrix.Outer * matrix.Channels * matrix.Inner);
        return matrix;
    }

    /// <summary>Where an element of the matrix lies in the tensor.</summary>
    public int PositionOf(int channel, int column) => (((column / Inner * Channels) + channel) * Inner) + (column % Inner);

    /// <summary>From the order of the tensor to that of the matrix.</summary>
    /// <param name="tensor">[outer, channels, inner]</param>
    /// <returns>[channels, columns]</returns>
    public T[] ToRows<T>(ReadOnlySpan<T> tensor)
    {
        var rows = new T[Length];
        for (int outer = 0, from = 0; outer < Outer; outer++)
            for (int channel = 0; channel < Channels; channel++, from += Inner)
                tensor.Slice(from, Inner).CopyTo(rows.AsSpan((channel * Columns) + (outer * Inner)));
        return rows;
    }

    /// <summary>From the order of the matrix to that of the tensor.</summary>
    /// <param name="rows">[channels, columns]</param>
    /// <returns>[outer, channels, inner]</returns>
    public T[] ToTensor<T>(ReadOnlySpan<T> rows)
    {
        var tensor = new T[Length];
        for (int outer = 0, to = 0; outer < Outer; outer++)
            for (int channel = 0; channel < Channels; channel++, to += Inner)
                rows.Slice((channel * Columns) + (outer * Inner), Inner).CopyTo(tensor.AsSpan(to));
        return tensor;
    }

    private static int Product(ReadOnlySpan<long> dimensions)
    {
        int product = 1;
        foreach (long dimension in dimensions)
            product = checked(product * (int)dimension);
        return product;
    }
}
