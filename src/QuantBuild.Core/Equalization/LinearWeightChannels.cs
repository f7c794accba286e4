namespace QuantBuild.Equalization;

/// <summary>Goes over weights in the order of their tensor and counts which channels each of them joins, without a division.</summary>
/// <param name="outputStride">Elements from one output channel to the next.</param>
/// <param name="inputStride">Elements from one input channel to the next.</param>
internal struct LinearWeightChannels(LinearWeights weights, int outputStride, int inputStride)
{
    private int inOutput = -1;
    private int inInput = -1;
    private int input;
    private int firstInput = weights.FirstInputOf(0);

    /// <summary>The output channel of the current weight.</summary>
    public int Output { get; private set; }

    /// <summary>Its input channel.</summary>
    public readonly int Input => firstInput + input;

    /// <summary>Goes to the first weight, or to the next.</summary>
    public void Next()
    {
        if (++inOutput == outputStride)
        {
            inOutput = 0;
            Output = Output + 1 == weights.Outputs ? 0 : Output + 1;
            firstInput = weights.FirstInputOf(Output);
        }
        if (++inInput == inputStride)
        {
            inInput = 0;
            input = input + 1 == weights.InputsPerGroup ? 0 : input + 1;
        }
    }
}
