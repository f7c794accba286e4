namespace QuantBuild.Testing.Nets;

/// <summary>Recognizes spoken words from the sound itself: convolutions along time with long kernels, strides and dilations, LeakyRelu and
/// PRelu.</summary>
internal static class SpeechNet
{
    private const int Length = 4000;

    public static GeneratedNet Net { get; } = new(
        "speech", Build, (count, seed) => [NaturalInputs.Sounds("sound", count, Length, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 109, opset: 16);
        string x = net.Op("LeakyRelu", net.Conv(net.Input("sound", "n,1,t"), 1, 24, [31], stride: 5), ("alpha", 0.1f));
        x = PRelu(net, net.ConvNormalized(x, 24, 32, [9], stride: 4, mean: 0.1f, deviation: 0.3f), 32);
        x = net.Op("LeakyRelu", net.Conv(x, 32, 48, [5], stride: 2), ("alpha", 0.1f));
        foreach (int dilation in new[] { 1, 2, 4 })
        {
            string y = PRelu(net, net.Conv(x, 48, 48, [3], group: 48, dilation: dilation), 48);
            x = net.Op("Add", $"{x} {net.Conv(y, 48, 48, [1])}");
        }
        x = net.Op("MaxPool", net.Op("LeakyRelu", x, ("alpha", 0.1f)), ("kernel_shape", new[] { 4 }), ("strides", new[] { 4 }));
        x = net.Op("ReduceMean", x, ("axes", new[] { 2 }), ("keepdims", 0));
        net.Output(net.Gemm(x, 48, 12), "n,12");
        return net.ToBytes();
    }

    private static string PRelu(LayerBuilder net, string x, int channels)
    {
        float[] slopes = net.Values.Uniforms(channels, 0.02f, 0.4f);
        return net.Op("PRelu", $"{x} {net.Parameter("slope", Onnx.OnnxTensor.Float([channels, 1], slopes))}");
    }
}
