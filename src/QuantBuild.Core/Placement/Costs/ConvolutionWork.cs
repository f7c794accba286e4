namespace QuantBuild.Placement.Costs;

/// <summary>The work of a convolution.</summary>
internal static class ConvolutionWork
{
    /// <param name="inputChannels">Of all groups.</param>
    /// <param name="outputChannels">Of all groups.</param>
    /// <param name="inputPositions">Spatial positions of the input, times samples.</param>
    /// <param name="outputPositions">Spatial positions of the output, times samples.</param>
    /// <param name="window">Positions of the kernel.</param>
    public static KernelWork Float(double inputChannels, double outputChannels, double inputPositions, double outputPositions, double window, double groups)
    {
        // Few input channels are read as they are; more of them, and all outputs, in whole blocks.
        double perGroup = inputChannels / groups;
        double channels = groups > 1 ? perGroup : perGroup < KernelWork.ChannelBlock ? perGroup : Blocks(perGroup);
        double outputs = Blocks(outputChannels);
        return new KernelWork(
            channels * outputs * window * outputPositions,
            Blocks(inputChannels) * inputPositions,
            outputs * outputPositions,
            0,
            0,
            channels * outputs * window);
    }

    /// <inheritdoc cref="Float"/>
    public static KernelWork Integer(double inputChannels, double outputChannels, double inputPositions, double outputPositions, double window, double groups)
    {
        double perGroup = inputChannels / groups;
        // Depthwise kernels go from position to position, and take whole blocks of channels fast and the rest one by one.
        if (groups > 1 && perGroup == 1)
        {
            double rest = outputChannels % KernelWork.ChannelBlock;
            return new KernelWork(
                (outputChannels - rest) * window * outputPositions,
                inputChannels * inputPositions,
                outputChannels * outputPositions,
                rest * window * outputPositions,
                window * outputPositions,
                outputChannels * window);
        }

        // The others copy windows together, position by position and group by group, and multiply matrices with whole blocks of columns.
        double pieces = window > 1 ? window * outputPositions * groups : 0;
        return new KernelWork(
            perGroup * groups * Blocks(outputChannels / groups) * window * outputPositions,
            inputChannels * inputPositions,
            outputChannels * outputPositions,
            pieces * perGroup,
            pieces,
            perGroup * outputChannels * window);
    }

    private static double Blocks(double channels) => Math.Ceiling(channels / KernelWork.ChannelBlock) * KernelWork.ChannelBlock;
}
