using QuantBuild.Numerics;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>One block of some channels: what different scales do to its own part of the output, the other blocks left out.</summary>
/// <remarks>With the levels t that are nearest at a scale s the error is <c>s² t·G·t − 2 s t·G·w + w·G·w</c>, least at <c>t·G·w /
/// t·G·t</c>.</remarks>
internal sealed class BlockTile
{
    private readonly LayerGram gram;
    private readonly LowBitLayer layer;
    private readonly int first;
    private readonly int start;
    private readonly int length;
    private readonly float[] levels;
    private readonly float[] weights;
    private readonly float[] weightProducts;

    public BlockTile(LayerGram gram, LowBitLayer layer, int firstChannel, int endChannel, int block)
    {
        this.gram = gram;
        this.layer = layer;
        first = firstChannel;
        Channels = endChannel - firstChannel;
        start = block * layer.Grid.BlockColumns;
        length = Math.Min(layer.Grid.BlockColumns, layer.Columns - start);
        levels = new float[Channels * length];
        weights = new float[Channels * length];
        for (int i = 0; i < Channels; i++)
            layer.WeightsOf(first + i).Slice(start, length).CopyTo(weights.AsSpan(i * length));
        weightProducts = Product(weights);
        Errors = new double[Channels];
        Fitted = new float[Channels];
    }

    public int Channels { get; }

    /// <summary>By channel, at the scales that were tried last.</summary>
    public double[] Errors { get; }

    /// <summary>By channel: the best scale for the levels that were nearest at the scale tried last; that scale when there is
    /// none.</summary>
    public float[] Fitted { get; }

    public ref float Scale(int index) => ref layer.Grid.Scales[layer.Grid.BlockOf(first + index, start)];

    public float[] Scales() => [.. Enumerable.Range(0, Channels).Select(index => Scale(index))];

    /// <summary>Sets the scales of the layer to these.</summary>
    public void Try(ReadOnlySpan<float> scales)
    {
        for (int i = 0; i < Channels; i++)
        {
            Scale(i) = scales[i];
            for (int j = 0; j < length; j++)
            {
                int column = start + j;
                layer.CodesOf(first + i)[column] = layer.Grid.Nearest(first + i, column, weights[(i * length) + j]);
                levels[(i * length) + j] = layer.LevelOf(first + i, column);
            }
        }
        float[] products = Product(levels);
        for (int i = 0; i < Channels; i++)
        {
            (double own, double both, double all) = (0, 0, 0);
            for (int j = i * length; j < (i + 1) * length; j++)
            {
                own += (double)levels[j] * products[j];
                both += (double)levels[j] * weightProducts[j];
                all += (double)weights[j] * weightProducts[j];
            }
            double scale = scales[i];
            Errors[i] = (scale * scale * own) - (2 * scale * both) + all;
            float fitted = (float)(both / own);
            Fitted[i] = BlockWeights.IsScale(fitted) ? fitted : scales[i];
        }
    }

    /// <summary>[channels, length] times the part of G that belongs to the block.</summary>
    private float[] Product(float[] factors)
    {
        var products = new float[factors.Length];
        RowSumKernel.AddProduct(gram.Gram, layer.Columns, new MatrixPart(start, length, start, length), factors, products, length);
        return products;
    }
}
