namespace QuantBuild.Testing.Nets;

/// <summary>A classifier in the way of DenseNet (Huang and others, 2016): each layer reads what all layers before it gave, joined by
/// Concat,
/// through a normalization of its own, which no convolution before it can take in.</summary>
internal static class PreActivationNet
{
    private const int Size = 48;
    private const int Growth = 12;

    public static GeneratedNet Net { get; } = new(
        "pre-activation", Build, (count, seed) => [NaturalInputs.Images("image", count, 3, Size, Size, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 108, opset: 11);
        string x = net.Conv(net.Input("image", $"n,3,{Size},{Size}"), 3, 24, [3, 3], stride: 2, bias: false);
        int channels = 24;
        for (int block = 0; block < 3; block++)
        {
            for (int layer = 0; layer < 4; layer++)
            {
                string inner = net.Conv(Activate(net, x, channels), channels, 4 * Growth, [1, 1], bias: false);
                string added = net.Conv(Activate(net, inner, 4 * Growth), 4 * Growth, Growth, [3, 3], bias: false);
                x = net.Op("Concat", $"{x} {added}", ("axis", 1));
                channels += Growth;
            }
            if (block == 2)
                break;
            x = net.Conv(Activate(net, x, channels), channels, channels / 2, [1, 1], bias: false);
            x = net.Op("AveragePool", x, ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
            channels /= 2;
        }
        x = net.Op("GlobalAveragePool", Activate(net, x, channels));
        net.Output(net.Gemm(net.Op("Flatten", x, ("axis", 1)), channels, 20), "n,20");
        return net.ToBytes();
    }

    private static string Activate(LayerBuilder net, string x, int channels) =>
        net.Op("Relu", net.BatchNormalization(x, net.Values.Normals(channels, 0, 0.3f), net.Values.Uniforms(channels, 0.8f, 1.6f)));
}
