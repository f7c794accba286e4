using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>An autoencoder as exporters of 2018 wrote it: opset 9, IR 3 with every weight listed as an input, numbers in Constant nodes,
/// Upsample, Dropout, Clip and Pad with attributes.</summary>
internal static class OldExportNet
{
    private const int Size = 32;

    public static GeneratedNet Net { get; } = new(
        "old-export", Build, (count, seed) => [NaturalInputs.Images("data", count, 1, Size, Size, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 111, opset: 9, irVersion: 3) { ConstantsAreNodes = true, WeightsAreInputs = true };
        string x = net.Op("Pad", net.Input("data", $"1,1,{Size},{Size}"), ("mode", "reflect"), ("pads", new[] { 0, 0, 2, 2, 0, 0, 2, 2 }));
        x = Relu6(net, net.ConvNormalized(x, 1, 16, [5, 5], stride: 2, mean: 0, deviation: 1));
        x = net.Op("Slice", x, ("axes", new[] { 2, 3 }), ("starts", new[] { 1, 1 }), ("ends", new[] { 17, 17 }));
        x = Relu6(net, net.ConvNormalized(x, 16, 32, [3, 3], stride: 2));

        string code = net.Op("Reshape", $"{x} {net.Int64s(1, -1)}");
        code = net.Op("Dropout", net.Op("Relu", net.Gemm(code, 32 * 8 * 8, 48)), ("ratio", 0.4f));
        string scores = net.Gemm(code, 48, 10);
        x = net.Op("Reshape", $"{net.Gemm(code, 48, 8 * 8 * 8)} {net.Int64s(1, 8, 8, 8)}");
        for (int i = 0; i < 2; i++)
        {
            x = net.Op("Upsample", $"{x} {net.Constant(OnnxTensor.Float([4], [1, 1, 2, 2]))}", ("mode", i == 0 ? "nearest" : "linear"));
            x = Relu6(net, net.ConvNormalized(x, 8, 8, [3, 3]));
        }
        net.Output(net.Op("Softmax", scores, ("axis", 1)), "1,10");
        net.Output(net.Op("Sigmoid", net.Conv(x, 8, 1, [3, 3])), $"1,1,{Size},{Size}");
        return net.ToBytes();
    }

    private static string Relu6(LayerBuilder net, string x) => net.Op("Clip", x, ("min", 0f), ("max", 6f));
}
