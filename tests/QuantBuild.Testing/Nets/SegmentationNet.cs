namespace QuantBuild.Testing.Nets;

/// <summary>A U-shaped net that labels pixels (Ronneberger and others, 2015): down by MaxPool; up by ConvTranspose, by Resize of nearest
/// neighbours and by linear Resize; skips joined by Concat.</summary>
internal static class SegmentationNet
{
    private const int Size = 64;

    public static GeneratedNet Net { get; } = new(
        "segmentation", Build, (count, seed) => [NaturalInputs.Images("image", count, 3, Size, Size, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 103, opset: 13);
        string full = Twice(net, net.Input("image", "n,3,h,w"), 3, 12);
        string half = Twice(net, Down(net, full), 12, 24);
        string quarter = Twice(net, Down(net, half), 24, 32);
        string eighth = Twice(net, Down(net, quarter), 32, 48);

        string x = net.ConvTranspose(eighth, 48, 32);
        x = Twice(net, net.Op("Concat", $"{x} {quarter}", ("axis", 1)), 64, 32);
        x = Enlarge(net, x, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        x = Twice(net, net.Op("Concat", $"{x} {half}", ("axis", 1)), 56, 24);
        x = Enlarge(net, x, ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
        x = Twice(net, net.Op("Concat", $"{x} {full}", ("axis", 1)), 36, 12);
        net.Output(net.Op("Sigmoid", net.Conv(x, 12, 4, [1, 1])), "n,4,h,w");
        return net.ToBytes();
    }

    private static string Twice(LayerBuilder net, string x, int inputs, int outputs)
    {
        x = net.Op("Relu", net.ConvNormalized(x, inputs, outputs, [3, 3]));
        return net.Op("Relu", net.ConvNormalized(x, outputs, outputs, [3, 3]));
    }

    private static string Down(LayerBuilder net, string x) =>
        net.Op("MaxPool", x, ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));

    private static string Enlarge(LayerBuilder net, string x, params (string Name, object Value)[] attributes) =>
        net.Op("Resize", $"{x} - {net.Vector("scales", [1, 1, 2, 2])}", attributes);
}
