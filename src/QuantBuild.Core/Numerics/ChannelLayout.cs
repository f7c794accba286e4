namespace QuantBuild.Numerics;

/// <summary>How the channels of a tensor lie in memory: [outer, channels, inner], whatever its rank.</summary>
/// <param name="OuterSize">Product of the axes before the channel axis.</param>
/// <param name="InnerSize">Product of the axes after it.</param>
internal readonly record struct ChannelLayout(int OuterSize, int ChannelCount, int InnerSize)
{
    /// <summary>Contiguous runs of one channel; the run b belongs to the channel b mod <see cref="ChannelCount"/>.</summary>
    public int BlockCount => OuterSize * ChannelCount;

    /// <param name="shape">Row-major.</param>
    /// <param name="axis">0 to rank − 1.</param>
    /// <exception cref="OverflowException">The tensor has more than 2³¹ − 1 elements.</exception>
    public static ChannelLayout Of(ReadOnlySpan<long> shape, int axis) =>
        new(Product(shape[..axis]), checked((int)shape[axis]), Product(shape[(axis + 1)..]));

    /// <exception cref="ArgumentException">A span has another length than this layout says.</exception>
    public void Check(int elementCount, int parameterCount)
    {
        if ((long)BlockCount * InnerSize != elementCount || parameterCount != ChannelCount)
            throw new ArgumentException($"{elementCount} elements and {parameterCount} parameters do not fit {this}.");
    }

    private static int Product(ReadOnlySpan<long> dimensions)
    {
        int product = 1;
        foreach (long dimension in dimensions)
            product = checked(product * (int)dimension);
        return product;
    }
}
