using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>The bias behind a weight, which can take back what rounding the weight does to the mean of the output: <c>b′ = b + W·E[x] − Ŵ·E[x̂]</c>.</summary>
/// <param name="Key">A constant that nothing else reads.</param>
internal sealed record LowBitBias(ConstantKey Key)
{
    /// <returns>Null when there is none with a value for every channel.</returns>
    public static LowBitBias? Of(LowBitTarget target)
    {
        if (target.Reader?.Bias is not { } bias || target.Key.Graph.InitializerOf(bias.Initializer) is not { ElementType: OnnxElementType.Float } tensor)
            return null;
        return tensor.Length == target.Matrix.Channels && target.Key.Graph.ReadersOf(bias.Initializer).Count() == 1 && !target.Key.Graph.IsOutput(bias.Initializer)
            ? new LowBitBias(new ConstantKey(target.Key.Graph, bias.Initializer))
            : null;
    }

    /// <param name="grams">By group: what the layer reads.</param>
    public OnnxTensor Corrected(LowBitTarget target, LowBitWeight rounded, LayerGram[] grams)
    {
        OnnxTensor bias = Key.Graph.InitializerOf(Key.Name)!.InMemory();
        float[] weights = target.Matrix.ToRows(target.Tensor.Floats);
        float[] corrected = bias.Floats.ToArray();
        int columns = target.Matrix.Columns;
        int perGroup = target.Matrix.Channels / grams.Length;
        for (int channel = 0, i = 0; channel < target.Matrix.Channels; channel++)
        {
            LayerGram gram = grams[channel / perGroup];
            double shift = 0;
            for (int column = 0; column < columns; column++, i++)
                shift += ((double)weights[i] * gram.Mean[column]) - ((double)rounded.Grid.ValueOf(channel, column, rounded.Codes[i]) * gram.QuantizedMean[column]);
            corrected[channel] += (float)shift;
        }
        return OnnxTensor.Float([.. bias.Shape], corrected);
    }
}
