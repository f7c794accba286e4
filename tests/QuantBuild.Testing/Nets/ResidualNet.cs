namespace QuantBuild.Testing.Nets;

/// <summary>A classifier of residual blocks, small in the way of ResNet-18 (He and others, 2015): unfolded normalizations, shortcuts
/// with and
/// without a convolution.</summary>
internal static class ResidualNet
{
    private const int Size = 64;

    public static GeneratedNet Net { get; } = new(
        "residual", Build, (count, seed) => [NaturalInputs.Images("image", count, 3, Size, Size, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 102, opset: 13);
        string x = net.ConvNormalized(net.Input("image", $"n,3,{Size},{Size}"), 3, 24, [7, 7], stride: 2, mean: 0, deviation: 1);
        x = net.Op("Relu", x);
        x = net.Op("MaxPool", x, ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 1, 1, 1 }));
        int channels = 24;
        foreach ((int outputs, int stride) in new[] { (24, 1), (24, 1), (48, 2), (48, 1), (96, 2), (96, 1) })
        {
            string y = net.Op("Relu", net.ConvNormalized(x, channels, outputs, [3, 3], stride));
            y = net.ConvNormalized(y, outputs, outputs, [3, 3]);
            string shortcut = stride == 1 ? x : net.ConvNormalized(x, channels, outputs, [1, 1], stride);
            x = net.Op("Relu", net.Op("Add", $"{y} {shortcut}"));
            channels = outputs;
        }
        x = net.Op("Flatten", net.Op("GlobalAveragePool", x), ("axis", 1));
        net.Output(net.Gemm(x, channels, 20), "n,20");
        return net.ToBytes();
    }
}
