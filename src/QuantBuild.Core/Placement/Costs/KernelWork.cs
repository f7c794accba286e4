namespace QuantBuild.Placement.Costs;

/// <summary>What makes one node take time, counted over one run.</summary>
/// <param name="MultiplyAdds">Multiplications with addition. Of a float convolution, channels count in whole blocks of
/// <see cref="ChannelBlock"/>, as its kernels compute them.</param>
/// <param name="Inputs">Elements of the activations that are read.</param>
/// <param name="Outputs">Elements that are written.</param>
/// <param name="Gathered">Elements that are copied together before a matrix product: the windows of a convolution.</param>
/// <param name="Pieces">Of how many pieces those are copied, or into how many products the work falls.</param>
/// <param name="Weights">Elements of the constant operand.</param>
internal sealed record KernelWork(double MultiplyAdds, double Inputs, double Outputs, double Gathered, double Pieces, double Weights)
{
    /// <summary>Channels that a float convolution computes at once on 512-bit vectors.</summary>
    public const int ChannelBlock = 16;

    /// <summary>float32 values in 4 KiB, the distance at which addresses share a set of the first cache.</summary>
    private const int PositionsPerPage = 1024;

    /// <summary>Of how many nodes this is the work.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The features that costs are linear in, in the order of <see cref="KernelCost"/>.</summary>
    public double[] Features => [Nodes, MultiplyAdds, Inputs, Outputs, Gathered, Pieces, Weights];

    /// <summary>Work at values between convolutions, [N, C, …].</summary>
    /// <param name="elements">Of the value.</param>
    /// <param name="channels">Where they do not fill whole blocks, float kernels other than convolutions read another layout.</param>
    /// <param name="positions">Of one channel. Where they fill whole pages of memory, the channels lie in each other's way in the cache.</param>
    /// <param name="inputs">How many values of that size are read.</param>
    public static KernelWork Layout(double elements, double channels, double positions, int inputs = 1) => new(
        0,
        inputs * elements,
        elements,
        channels % ChannelBlock != 0 ? elements : 0,
        positions % PositionsPerPage == 0 ? elements : 0,
        0);

    /// <summary>Work that is proportional to the elements: activations, additions, copies.</summary>
    public static KernelWork Elements(double inputs, double outputs) => new(0, inputs, outputs, 0, 0, 0);
}
