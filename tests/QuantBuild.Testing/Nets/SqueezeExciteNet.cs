namespace QuantBuild.Testing.Nets;

/// <summary>A classifier of inverted residual blocks with squeeze-and-excitation and hard-swish, small in the way of MobileNetV3 (Howard
/// and
/// others, 2019): depthwise convolutions, unfolded normalizations.</summary>
internal sealed class SqueezeExciteNet(LayerBuilder net, bool operators)
{
    private const int Size = 64;

    /// <summary>(inputs, inner, outputs, kernel, stride, squeezes, hard-swish)</summary>
    private static readonly (int Inputs, int Inner, int Outputs, int Kernel, int Stride, bool Squeezes, bool HardSwish)[] Blocks =
    [
        (16, 16, 16, 3, 2, true, false),
        (16, 72, 24, 3, 2, false, false),
        (24, 88, 24, 3, 1, false, false),
        (24, 96, 40, 5, 2, true, true),
        (40, 120, 40, 5, 1, true, true),
        (40, 144, 48, 5, 1, true, true),
    ];

    /// <summary>As exporters of opset 14 and newer write it: HardSwish and HardSigmoid are operators.</summary>
    public static GeneratedNet WithOperators { get; } = new("squeeze-excite", () => Build(operators: true), Samples);

    /// <summary>As exporters of older opsets write it: x · clip(x + 3, 0, 6) / 6.</summary>
    public static GeneratedNet Decomposed { get; } = new("squeeze-excite-decomposed", () => Build(operators: false), Samples);

    private static byte[] Build(bool operators)
    {
        var net = new LayerBuilder(seed: 101, operators ? 17 : 12) { ConstantsAreNodes = !operators };
        new SqueezeExciteNet(net, operators).Layers();
        return net.ToBytes();
    }

    private static IReadOnlyList<NamedArray> Samples(int count, int seed) => [NaturalInputs.Images("image", count, 3, Size, Size, seed)];

    private void Layers()
    {
        string x = HardSwish(net.ConvNormalized(net.Input("image", $"n,3,{Size},{Size}"), 3, 16, [3, 3], stride: 2, mean: 0, deviation: 1));
        foreach (var block in Blocks)
        {
            float mean = block.HardSwish ? 0.2f : 0.4f;
            string y = Activate(net.ConvNormalized(x, block.Inputs, block.Inner, [1, 1], mean: 0), block.HardSwish);
            y = net.ConvNormalized(y, block.Inner, block.Inner, [block.Kernel, block.Kernel], block.Stride, group: block.Inner, mean);
            y = Activate(y, block.HardSwish);
            if (block.Squeezes)
                y = SqueezeExcite(y, block.Inner);
            y = block.Squeezes
                ? net.ConvNormalized(y, block.Inner, block.Outputs, [1, 1], mean: mean / 2, deviation: 0.3f)
                : net.ConvNormalized(y, block.Inner, block.Outputs, [1, 1], mean: mean);
            x = block.Stride == 1 && block.Inputs == block.Outputs ? net.Op("Add", $"{x} {y}") : y;
        }
        x = HardSwish(net.ConvNormalized(x, 48, 192, [1, 1], mean: 0));
        x = net.Op("Flatten", net.Op("GlobalAveragePool", x), ("axis", 1));
        x = HardSwish(net.Gemm(x, 192, 128));
        net.Output(net.Gemm(x, 128, 20), "n,20");
    }

    private string SqueezeExcite(string x, int channels)
    {
        int squeezed = Math.Max(8, channels / 4);
        string gate = net.Op("Relu", net.Conv(net.Op("GlobalAveragePool", x), channels, squeezed, [1, 1]));
        return net.Op("Mul", $"{x} {HardSigmoid(net.Conv(gate, squeezed, channels, [1, 1]))}");
    }

    private string Activate(string x, bool hardSwish) => hardSwish ? HardSwish(x) : net.Op("Relu", x);

    private string HardSwish(string x) =>
        operators ? net.Op("HardSwish", x) : net.Op("Div", $"{net.Op("Mul", $"{x} {ClipShifted(x)}")} {net.Scalar(6)}");

    private string HardSigmoid(string x) =>
        operators ? net.Op("HardSigmoid", x, ("alpha", 1f / 6), ("beta", 0.5f)) : net.Op("Div", $"{ClipShifted(x)} {net.Scalar(6)}");

    private string ClipShifted(string x) => net.Op("Clip", $"{net.Op("Add", $"{x} {net.Scalar(3)}")} {net.Scalar(0)} {net.Scalar(6)}");
}
