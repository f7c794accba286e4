using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Inspection;

/// <summary>Compares the size of the input's values with what the model was trained on, as far as the model tells: a BatchNormalization behind the first
/// layer holds mean and variance of what it saw in training, and a bias is of the size of what it is added to.</summary>
/// <remarks>Runs the model on one batch, and only where it has such a layer.</remarks>
internal sealed class InputScale(IInferenceEngine engine, OnnxModel model, DiagnosticOrigin origin)
{
    /// <summary>Standard deviations of training that half of the channels have to lie off. Pixels of 0 to 255 for 0 to 1 lie 255 times as far off; data
    /// of another kind, two or three.</summary>
    private const double FarOff = 20;

    /// <summary>Of the deviation of training, in half of the channels: pixels of 0 to 1 for 0 to 255 have a 255th.</summary>
    private const double TooNarrow = 1.0 / 40;

    /// <summary>How often the deviation of what the weights give exceeds the bias, in half of the channels, when the input is the wrong size. In trained
    /// models it is one to ten times as large.</summary>
    private const double FarAboveBias = 50;

    /// <summary>Whole numbers that end earlier are counts or classes rather than pixels.</summary>
    private const float FewestLevels = 128;

    /// <param name="watched">Of the calibration samples.</param>
    /// <param name="path">Of their file, for messages.</param>
    public IEnumerable<Diagnostic> Judge(IReadOnlyList<InputWatch> watched, ModelSamples samples, string path)
    {
        FirstLayer[] layers =
        [
            .. watched.Where(input => input is { IsFloat: true, IsConstant: false })
                .Select(input => FirstLayer.Of(model.Graph, input.Name))
                .OfType<FirstLayer>()
                .Where(layer => layer.Normalization is not null || (layer.Bias is not null && LooksLikePixels(layer, watched))),
        ];
        if (layers.Length == 0)
            yield break;
        SampleBatch batch = samples.Calibration.Read().First();
        foreach ((FirstLayer layer, ChannelSpread seen) in Observe(layers, batch))
            if ((layer.Normalization is { } normalization ? WhyUnlike(seen, normalization) : WhyAbove(seen, layer, watched)) is { } why)
                yield return DiagnosticCatalogue.UnusualScale.At(origin with { Setting = "CalibrationData" }, path, layer.Input, why);
    }

    private static bool LooksLikePixels(FirstLayer layer, IReadOnlyList<InputWatch> watched) =>
        watched.Single(input => input.Name == layer.Input) is { IsLikeBytes: true, Largest: >= FewestLevels };

    private List<(FirstLayer Layer, ChannelSpread Seen)> Observe(FirstLayer[] layers, SampleBatch batch)
    {
        var seen = new List<(FirstLayer, ChannelSpread)>();
        FirstLayer[] inner = [.. layers.Where(layer => !model.Graph.IsInput(layer.Output))];
        foreach (FirstLayer layer in layers.Except(inner))
        {
            InputTensor input = batch.Inputs.Single(tensor => tensor.Name == layer.Input);
            if (ChannelSpread.Of(MemoryMarshal.Cast<byte, float>(input.Bytes.Span), [.. input.Shape], ChannelAxis(layer, input.Shape.Count)) is { } spread)
                seen.Add((layer, spread));
        }
        if (inner.Length == 0)
            return seen;
        var exposer = new ValueExposer(model.Clone());
        string[] outputs = [.. inner.Select(layer => exposer.Expose(layer.Output).Output)];
        using IInferenceSession session = engine.Open(exposer.ToImage());
        session.Run(batch.Inputs, outputs, (i, tensor) =>
        {
            if (tensor.ElementType == OnnxElementType.Float
                && ChannelSpread.Of(tensor.Floats, tensor.Shape, ChannelAxis(inner[i], tensor.Shape.Length)) is { } spread)
                seen.Add((inner[i], spread));
        });
        return seen;
    }

    private static int ChannelAxis(FirstLayer layer, int rank) => layer.Node.Is("MatMul") && layer.Normalization is null ? rank - 1 : 1;

    private string? WhyUnlike(ChannelSpread seen, OnnxNode normalization)
    {
        float[]? mean = FloatsOf(model.Graph.InitializerOf(normalization.Inputs[3]));
        float[]? variance = FloatsOf(model.Graph.InitializerOf(normalization.Inputs[4]));
        if (mean is null || variance is null || mean.Length != seen.Mean.Length || variance.Length != mean.Length)
            return null;
        int[] trained = [.. Enumerable.Range(0, mean.Length).Where(i => variance[i] > 0 && seen.Deviation[i] > 0)];
        if (trained.Length == 0)
            return null;
        double distance = Median(trained.Select(i =>
            Math.Sqrt(Math.Pow(seen.Mean[i] - mean[i], 2) + Math.Pow(seen.Deviation[i], 2)) / Math.Sqrt(variance[i])));
        double width = Median(trained.Select(i => seen.Deviation[i] / Math.Sqrt(variance[i])));
        string where = $"before the BatchNormalization '{normalization.DisplayName}'";
        return distance > FarOff ? $"{where}, values lie {distance:0} times as far from its mean as those of the training did"
            : width < TooNarrow ? $"{where}, values spread {1 / width:0} times less than those of the training did"
            : null;
    }

    private static string? WhyAbove(ChannelSpread seen, FirstLayer layer, IReadOnlyList<InputWatch> watched)
    {
        float[] bias = FloatsOf(layer.Bias) ?? [];
        int[] used = [.. Enumerable.Range(0, Math.Min(bias.Length, seen.Deviation.Length)).Where(i => bias[i] != 0 && seen.Deviation[i] > 0)];
        if (bias.Length != seen.Deviation.Length || used.Length == 0 || used.Length * 2 < bias.Length)
            return null;
        double ratio = Median(used.Select(i => seen.Deviation[i] / Math.Abs(bias[i])));
        return ratio > FarAboveBias
            ? $"its values are whole numbers from 0 to {watched.Single(input => input.Name == layer.Input).Largest:0}, "
                + $"and what '{layer.Node.DisplayName}' computes from them is {ratio:0} times as large as its bias"
            : null;
    }

    private static float[]? FloatsOf(OnnxTensor? tensor) => tensor?.ElementType == OnnxElementType.Float ? tensor.Floats.ToArray() : null;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
