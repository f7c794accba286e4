namespace QuantBuild.Reconstruction.Blocks;

/// <summary>How a block is learned.</summary>
internal sealed record BlockSettings
{
    /// <summary>Steps of the descent.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Samples of one step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Of the first step, in steps of the weight's grid; falls to 0.</summary>
    public float WeightRate { get; init; } = 0.01f;

    /// <summary>As a part of a scale.</summary>
    public float ScaleRate { get; init; } = 0.001f;

    /// <summary>As a part of the size of what a bias is added to, or of the constant itself where it is a factor.</summary>
    public float ConstantRate { get; init; } = 0.001f;

    /// <summary>As a part of the scale of an activation.</summary>
    public float ActivationRate { get; init; } = 0.0004f;

    /// <summary>How often an element of the block's input is what the float model has; else it is what the quantized one has.</summary>
    public float FloatInputShare { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>−1 for as many as there are processors; changes no bit.</summary>
    public int MaximumThreads { get; init; } = -1;
}
