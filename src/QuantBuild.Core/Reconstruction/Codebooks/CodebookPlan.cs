namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>What the weights of a matrix share, and which levels they may have.</summary>
/// <param name="Bits">1 to 8.</param>
/// <param name="BlockColumns">Columns of a channel that share a scale; 0: all.</param>
/// <param name="ChannelsPerCodebook">Neighbouring channels that share levels; 0: all.</param>
/// <param name="Scales">How scales are found.</param>
/// <param name="KeepZero">True: zero is a level, as weights that were pruned need it.</param>
/// <param name="WholeNumbers">True: levels are whole numbers, −64 to 64, that kernels of 8-bit integers can multiply with. They need scales.</param>
internal sealed record CodebookPlan(
    int Bits,
    int BlockColumns = 0,
    int ChannelsPerCodebook = 0,
    ScaleRule Scales = ScaleRule.LeastSquares,
    bool KeepZero = true,
    bool WholeNumbers = false)
{
    /// <summary>2^bits.</summary>
    public int Entries => 1 << Bits;
}

internal enum ScaleRule
{
    /// <summary>All scales are 1.</summary>
    One,

    /// <summary>The largest magnitude of the block is that of the levels.</summary>
    Absmax,

    /// <summary>The least weighted squared error.</summary>
    LeastSquares,
}
