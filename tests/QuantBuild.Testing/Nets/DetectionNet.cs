using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>A detector in the way of YOLO: SiLU everywhere, a split bottleneck, a pyramid of MaxPool, two scales, boxes in pixels next to
/// scores from 0 to 1 in one output.</summary>
internal static class DetectionNet
{
    private const int Size = 64;
    private const int Classes = 6;

    public static GeneratedNet Net { get; } = new(
        "detection", Build, (count, seed) => [NaturalInputs.Images("images", count, 3, Size, Size, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 106, opset: 17) { ConstantsAreNodes = true };
        string x = Silu(net, net.Conv(net.Input("images", $"n,3,{Size},{Size}"), 3, 16, [3, 3], stride: 2));
        x = Bottleneck(net, Silu(net, net.Conv(x, 16, 32, [3, 3], stride: 2)), 32);
        string fine = Bottleneck(net, Silu(net, net.Conv(x, 32, 48, [3, 3], stride: 2)), 48);
        x = Pyramid(net, Silu(net, net.Conv(fine, 48, 64, [3, 3], stride: 2)), 64);

        string enlarged = net.Op(
            "Resize",
            $"{x} - {net.Constant(OnnxTensor.Float([4], [1, 1, 2, 2]))}",
            ("mode", "nearest"),
            ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"));
        string merged = Silu(net, net.Conv(net.Op("Concat", $"{enlarged} {fine}", ("axis", 1)), 112, 48, [1, 1]));
        string all = net.Op("Concat", $"{Head(net, merged, 48, 8)} {Head(net, x, 64, 16)}", ("axis", 2));

        // Centre and size in strides → pixels; scores beside them.
        string boxes = net.Op("Slice", $"{all} {net.Int64s(0)} {net.Int64s(4)} {net.Int64s(1)}");
        string scores = net.Op("Slice", $"{all} {net.Int64s(4)} {net.Int64s(4 + Classes)} {net.Int64s(1)}");
        string[] corners = net.Ops(2, "Split", $"{boxes} {net.Int64s(2, 2)}", ("axis", 1));
        string centre = net.Op("Mul", $"{net.Op("Sigmoid", corners[0])} {net.Scalar(Size)}");
        string size = net.Op("Mul", $"{net.Op("Exp", net.Op("Clip", $"{corners[1]} {net.Scalar(-4)} {net.Scalar(2)}"))} {net.Scalar(12)}");
        net.Output(net.Op("Concat", $"{centre} {size} {net.Op("Sigmoid", scores)}", ("axis", 1)), $"n,{4 + Classes},80");
        return net.ToBytes();
    }

    /// <returns>[n, 4 + classes, positions]</returns>
    private static string Head(LayerBuilder net, string x, int channels, int stride)
    {
        string boxes = net.Conv(Silu(net, net.Conv(x, channels, 24, [3, 3])), 24, 4, [1, 1]);
        string scores = net.Conv(Silu(net, net.Conv(x, channels, 24, [3, 3])), 24, Classes, [1, 1]);
        string joined = net.Op("Concat", $"{boxes} {scores}", ("axis", 1));
        return net.Op("Reshape", $"{joined} {net.Int64s(0, 4 + Classes, Size / stride * (Size / stride))}");
    }

    private static string Bottleneck(LayerBuilder net, string x, int channels)
    {
        string[] halves = net.Ops(
            2, "Split", $"{Silu(net, net.Conv(x, channels, channels, [1, 1]))} {net.Int64s(channels / 2, channels / 2)}", ("axis", 1));
        string y = Silu(net, net.Conv(halves[1], channels / 2, channels / 2, [3, 3]));
        y = Silu(net, net.Conv(y, channels / 2, channels / 2, [3, 3]));
        y = net.Op("Add", $"{halves[1]} {y}");
        return Silu(net, net.Conv(net.Op("Concat", $"{halves[0]} {halves[1]} {y}", ("axis", 1)), channels * 3 / 2, channels, [1, 1]));
    }

    private static string Pyramid(LayerBuilder net, string x, int channels)
    {
        x = Silu(net, net.Conv(x, channels, channels / 2, [1, 1]));
        List<string> levels = [x];
        for (int i = 0; i < 3; i++)
            levels.Add(net.Op("MaxPool", levels[^1], ("kernel_shape", new[] { 5, 5 }), ("pads", new[] { 2, 2, 2, 2 })));
        return Silu(net, net.Conv(net.Op("Concat", string.Join(' ', levels), ("axis", 1)), channels * 2, channels, [1, 1]));
    }

    private static string Silu(LayerBuilder net, string x) => net.Op("Mul", $"{x} {net.Op("Sigmoid", x)}");
}
