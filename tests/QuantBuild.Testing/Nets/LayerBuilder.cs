using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>Builds a net layer by layer: each call adds nodes and gives back the name of the value that leaves them.</summary>
internal sealed class LayerBuilder(int seed, int opset, int? irVersion = null)
{
    private readonly ModelBuilder model = new(opset, irVersion);
    private int names;

    /// <summary>Parameters of this net; every call takes the next ones.</summary>
    public TrainedValues Values { get; } = new(seed);

    /// <summary>True when the exporter wrote constants as nodes.</summary>
    public bool ConstantsAreNodes { get; init; }

    /// <summary>True when every weight is listed as an input too, as IR 3 demands.</summary>
    public bool WeightsAreInputs { get; init; }

    public byte[] ToBytes() => model.ToBytes();

    public string Input(string name, string shape, OnnxElementType type = OnnxElementType.Float)
    {
        model.Input(name, shape, type);
        return name;
    }

    /// <summary>Gives a value to the caller, under its own name.</summary>
    public void Output(string value, string? shape = null, OnnxElementType type = OnnxElementType.Float) =>
        model.Output(value, shape, type);

    /// <summary>A node with one output.</summary>
    public string Op(string opType, string inputs, params (string Name, object Value)[] attributes)
    {
        string output = NewName(opType);
        model.Node(opType, inputs, output, [("name", output + "_node"), .. attributes]);
        return output;
    }

    /// <summary>A node with several outputs.</summary>
    public string[] Ops(int outputs, string opType, string inputs, params (string Name, object Value)[] attributes)
    {
        string[] values = [.. Enumerable.Range(0, outputs).Select(_ => NewName(opType))];
        model.Node(opType, inputs, string.Join(' ', values), [("name", values[0] + "_node"), .. attributes]);
        return values;
    }

    /// <summary>A trained parameter.</summary>
    public string Parameter(string role, OnnxTensor tensor)
    {
        string name = NewName(role);
        model.Initializer(name, tensor);
        if (WeightsAreInputs)
            model.AsInput(name);
        return name;
    }

    /// <summary>A number of the graph itself, written as the exporter writes such numbers.</summary>
    public string Constant(OnnxTensor tensor) => ConstantsAreNodes ? Op("Constant", "", ("value", tensor)) : Parameter("constant", tensor);

    public string Scalar(float value) => Constant(OnnxTensor.Scalar(value));

    public string Int64(long value) => Constant(OnnxTensor.Create(OnnxElementType.Int64, [], [value]));

    public string Int64s(params long[] values) => Constant(OnnxTensor.Int64s(values));

    /// <param name="x">[N, inputs, …]</param>
    /// <param name="kernel">One length per spatial axis.</param>
    /// <returns>[N, outputs, …], padded so that a stride of 1 keeps the size.</returns>
    public string Conv(
        string x, int inputs, int outputs, int[] kernel, int stride = 1, int group = 1, int dilation = 1, bool bias = true) =>
        Convolution(x, inputs, outputs, kernel, stride, group, dilation, Values.ChannelSpread(outputs), bias).Output;

    /// <summary>Conv and BatchNormalization, not folded. Means and variances are about those that the convolution gives, so that signals
    /// keep their size and differ from sample to sample.</summary>
    /// <inheritdoc cref="Conv(string, int, int, int[], int, int, int, bool)"/>
    /// <param name="mean">What the input is on average: 0 for an image or a linear layer, 0.4 behind a Relu.</param>
    /// <param name="deviation">How far the input goes from its mean: 1 for an image or a linear layer, 0.6 behind a Relu.</param>
    public string ConvNormalized(
        string x, int inputs, int outputs, int[] kernel, int stride = 1, int group = 1, float mean = 0.4f, float deviation = 0.6f)
    {
        float[] spread = Values.ChannelSpread(outputs);
        (string y, OnnxTensor weight) = Convolution(x, inputs, outputs, kernel, stride, group, 1, spread, bias: false);
        float[] means = Values.Normals(outputs, 0, 0.1f);
        float[] deviations = Values.Uniforms(outputs, 1.1f, 1.5f);
        int run = (int)(weight.Length / outputs);
        for (int i = 0; i < outputs; i++)
        {
            deviations[i] *= deviation * spread[i];
            means[i] = (means[i] * deviations[i]) + (mean * Sum(weight.Floats.Slice(i * run, run)));
        }
        return BatchNormalization(y, means, deviations);
    }

    public string BatchNormalization(string x, float[] means, float[] deviations)
    {
        int channels = deviations.Length;
        float[] variances = [.. deviations.Select(deviation => deviation * deviation)];
        string scale = Vector("gamma", Values.Gammas(channels));
        string shift = Vector("beta", Values.Normals(channels, 0, 0.3f));
        string statistics = $"{Vector("mean", means)} {Vector("variance", variances)}";
        return Op("BatchNormalization", $"{x} {scale} {shift} {statistics}", ("epsilon", 1e-5f));
    }

    /// <summary>Twice the size by a transposed convolution of kernel 2.</summary>
    public string ConvTranspose(string x, int inputs, int outputs)
    {
        string w = Parameter("weight", Values.Weight([inputs, outputs, 2, 2], inputs, 2, Values.ChannelSpread(outputs), axis: 1));
        return Op("ConvTranspose", $"{x} {w} {Bias(outputs)}", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
    }

    /// <param name="x">[M, inputs]</param>
    /// <returns>[M, outputs]</returns>
    public string Gemm(string x, int inputs, int outputs, float gain = 1)
    {
        string w = Parameter("weight", Values.Weight([outputs, inputs], inputs, gain, Values.ChannelSpread(outputs)));
        return Op("Gemm", $"{x} {w} {Bias(outputs)}", ("transB", 1));
    }

    /// <summary>MatMul and Add, as exporters write a linear layer of rank 3.</summary>
    /// <param name="x">[…, inputs]</param>
    /// <returns>[…, outputs]</returns>
    public string Linear(string x, int inputs, int outputs, float gain = 1)
    {
        string w = Parameter("weight", Values.Weight([inputs, outputs], inputs, gain, Values.ChannelSpread(outputs), axis: 1));
        return Op("Add", $"{Bias(outputs)} {Op("MatMul", $"{x} {w}")}");
    }

    /// <summary>A table with a row per word; frequent words, which come first, have the longer rows.</summary>
    public string Embedding(string ids, int words, int width)
    {
        float[] lengths = [.. Enumerable.Range(0, words).Select(word => 1f / (1 + (word / (float)words)))];
        return Op("Gather", $"{Parameter("table", Values.Weight([words, width], 1, 0.5f, lengths))} {ids}", ("axis", 0));
    }

    /// <summary>A layer of LSTM or GRU in both directions.</summary>
    /// <param name="x">[s, n, inputs]</param>
    /// <param name="lengths">int32 [n], or a dash: all have the whole length.</param>
    /// <returns>The states of every moment [s, 2, n, hidden], and the last ones [2, n, hidden].</returns>
    public string[] Recurrent(
        string opType, string x, string lengths, int inputs, int hidden, params (string Name, object Value)[] attributes)
    {
        int gates = opType == "LSTM" ? 4 : 3;
        float[] spread = Values.ChannelSpread(gates * hidden);
        string w = Parameter("input_weight", Values.Weight([2, gates * hidden, inputs], inputs, 1, spread, axis: 1));
        string r = Parameter("state_weight", Values.Weight([2, gates * hidden, hidden], hidden, 0.8f));
        string b = Parameter("bias", OnnxTensor.Float([2, 2 * gates * hidden], Values.Normals(4 * gates * hidden, 0.05f, 0.2f)));
        return Ops(2, opType, $"{x} {w} {r} {b} {lengths}", [("hidden_size", hidden), ("direction", "bidirectional"), .. attributes]);
    }

    public string Vector(string role, float[] values) => Parameter(role, OnnxTensor.Float([values.Length], values));

    public string Bias(int outputs) => Vector("bias", Values.Normals(outputs, 0, 0.1f));

    private (string Output, OnnxTensor Weight) Convolution(
        string x, int inputs, int outputs, int[] kernel, int stride, int group, int dilation, float[] spread, bool bias)
    {
        long fanIn = kernel.Aggregate(inputs / group, (product, length) => product * length);
        OnnxTensor weight = Values.Weight([outputs, inputs / group, .. kernel], fanIn, 2, spread);
        string w = Parameter("weight", weight);
        int[] pads = [.. kernel.Select(length => dilation * (length - 1) / 2)];
        string y = Op(
            "Conv",
            bias ? $"{x} {w} {Bias(outputs)}" : $"{x} {w}",
            ("kernel_shape", kernel),
            ("pads", (int[])[.. pads, .. pads]),
            ("strides", Enumerable.Repeat(stride, kernel.Length).ToArray()),
            ("dilations", Enumerable.Repeat(dilation, kernel.Length).ToArray()),
            ("group", group));
        return (y, weight);
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    private string NewName(string role) => string.Create(CultureInfo.InvariantCulture, $"{role}_{names++}");
}
