using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Precision;
using QuantBuild.Settings;

namespace QuantBuild.Sensitivity;

/// <summary>What a form does to what the layer itself gives. How much of that arrives at the outputs hardly depends on the form.</summary>
/// <param name="Power">Of the error, summed over the samples.</param>
/// <param name="Shifts">By node with a bias: what takes the mean error of each channel back.</param>
internal sealed record LayerError(double Power, IReadOnlyDictionary<OnnxNode, float[]> Shifts)
{
    public static IReadOnlyDictionary<OnnxNode, float[]> NoShifts { get; } = new Dictionary<OnnxNode, float[]>();
}

/// <summary>Runs the nodes of a layer alone, with what they read in the float model.</summary>
internal sealed class LocalNoise
{
    private readonly IInferenceEngine engine;
    private readonly WeightedLayer layer;
    private readonly KeptValues values;
    private readonly PrecisionPlan? precision;
    private readonly ModelCut cut;
    private readonly float[][][] given;
    private readonly double roundedOutputs;

    private LocalNoise(IInferenceEngine engine, WeightedLayer layer, KeptValues values, PrecisionPlan? precision, ModelCut cut, int batches)
    {
        (this.engine, this.layer, this.values, this.precision, this.cut) = (engine, layer, values, precision, cut);
        given = [.. Enumerable.Range(0, batches).Select(_ => new float[cut.Outputs.Count][])];
        Run(cut.Model.ToImage(), (batch, output, tensor) => given[batch][output] = tensor.Floats.ToArray());
        roundedOutputs = RoundedOutputs(batches);
    }

    /// <summary>Runs of the layer so far, in batches.</summary>
    public int Runs { get; private set; }

    /// <param name="model">Of which the layer is.</param>
    /// <param name="values">What its nodes read.</param>
    /// <param name="batches">How many of them are run.</param>
    /// <returns>Null when the layer cannot run alone: its nodes are in bodies, or one reads what another gives.</returns>
    public static LocalNoise? Of(
        IInferenceEngine engine, OnnxModel model, TensorFacts facts, WeightedLayer layer, KeptValues values, PrecisionPlan? precision, int batches)
    {
        IReadOnlySet<OnnxNode> nodes = layer.Nodes.ToHashSet();
        if (!nodes.All(model.Graph.Nodes.Contains) || !ModelCut.InputsOf(model.Graph, nodes).All(values.Has))
            return null;
        // A recurrent node may give all of its states, and only the last one be read.
        string[] outputs =
        [
            .. layer.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0 && facts.IsFloat(output)
                && (model.Graph.IsOutput(output) || model.Graph.ConsumersOf(output).Count > 0)),
        ];
        ModelCut cut = ModelCut.Of(model, nodes, outputs, value => facts.Of(value)!.ElementType);
        return new LocalNoise(engine, layer, values, precision, cut, batches);
    }

    /// <param name="corrected">Nodes whose biases take back the mean error.</param>
    public LayerError Of(LayerForm form, IReadOnlyDictionary<ConstantKey, OnnxTensor> weights, IReadOnlySet<OnnxNode> corrected)
    {
        ModelImage image = new LayerTrial(layer, precision).Write(cut, form, weights, LayerError.NoShifts);
        var channels = cut.Outputs.Select(output => layer.Nodes.FirstOrDefault(node => corrected.Contains(node) && node.Outputs[0] == output) is { } node
            ? new ChannelErrors(node, node.Is("Conv") ? 1 : -1) : new ChannelErrors(null, -1)).ToArray();
        Run(image, (batch, output, tensor) => channels[output].Add(given[batch][output], tensor.Floats, tensor.Shape));
        double power = channels.Sum(errors => errors.Power) + (form.Kernel == LayerKernel.Integer ? roundedOutputs : 0);
        return new LayerError(power, channels.Where(errors => errors.Node is not null).ToDictionary(errors => errors.Node!, errors => errors.Shift));
    }

    /// <summary>What quantizing the outputs of integer kernels adds.</summary>
    private double RoundedOutputs(int batches)
    {
        double power = 0;
        if (precision is null)
            return 0;
        foreach (string output in layer.Integers.Where(node => node.QuantizesOutput).SelectMany(node => node.Outputs).Where(values.Has))
            for (int batch = 0; batch < batches; batch++)
            {
                QuantizationParameters parameters = precision.Activations[output];
                ReadOnlySpan<float> real = values.Floats(batch, output);
                var rounded = new float[real.Length];
                FakeQuantizeKernel.FakeQuantize(
                    real, rounded, parameters.Scale, parameters.ZeroPoint, parameters.Type == QuantizedType.UInt8 ? CodeRange.UInt8 : CodeRange.Int8);
                power += SquaredErrorKernel.Sum(real, rounded).Error;
            }
        return power;
    }

    private void Run(ModelImage image, BatchVisitor visit)
    {
        using IInferenceSession session = engine.Open(image);
        for (int batch = 0; batch < given.Length; batch++)
        {
            int current = batch;
            session.Run(values.Of(batch, cut.Inputs), cut.Outputs, (output, tensor) => visit(current, output, tensor));
            Runs++;
        }
    }

    private delegate void BatchVisitor(int batch, int output, OutputTensor tensor);

    /// <summary>Errors of one output.</summary>
    /// <param name="node">Has a bias that takes back the mean of each channel; null: none does.</param>
    /// <param name="axis">Of the channels; −1: the last.</param>
    private sealed class ChannelErrors(OnnxNode? node, int axis)
    {
        private double squares;
        private double[] sums = [];
        private long perChannel;

        public OnnxNode? Node => node;

        public double Power => node is null || perChannel == 0 ? squares : Math.Max(0, squares - sums.Sum(sum => sum * sum / perChannel));

        public float[] Shift => [.. sums.Select(sum => (float)(-sum / Math.Max(1, perChannel)))];

        public void Add(ReadOnlySpan<float> real, ReadOnlySpan<float> other, ReadOnlySpan<long> shape)
        {
            squares += SquaredErrorKernel.Sum(real, other).Error;
            if (node is null)
                return;
            int channelAxis = axis < 0 ? shape.Length - 1 : axis;
            int channels = (int)shape[channelAxis];
            int inner = 1;
            foreach (long dimension in shape[(channelAxis + 1)..])
                inner *= (int)dimension;
            if (sums.Length == 0)
                sums = new double[channels];
            for (int i = 0, channel = 0; i < real.Length; i += inner, channel = channel + 1 == channels ? 0 : channel + 1)
                for (int j = i; j < i + inner; j++)
                    sums[channel] += (double)other[j] - real[j];
            perChannel += real.Length / channels;
        }
    }
}
