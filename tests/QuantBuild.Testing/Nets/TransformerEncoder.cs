using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>A text encoder in the way of BERT (Devlin and others, 2018), as exporters of opset 13 write it: LayerNormalization and GELU in
/// small operators, shapes computed while it runs, a mask of −3.4·10³⁸ added before Softmax.</summary>
internal sealed class TransformerEncoder(LayerBuilder net)
{
    private const int Longest = 20;
    private const int Words = 300;
    private const int Width = 64;
    private const int Heads = 4;

    public static GeneratedNet Net { get; } = new(
        "transformer-encoder",
        () =>
        {
            var net = new LayerBuilder(seed: 107, opset: 13) { ConstantsAreNodes = true };
            new TransformerEncoder(net).Layers();
            return net.ToBytes();
        },
        (count, seed) =>
        {
            int[] lengths = NaturalInputs.Lengths(count, Longest, seed);
            return
            [
                NaturalInputs.Words("input_ids", Longest, Words, lengths, seed),
                NaturalInputs.Mask("attention_mask", Longest, lengths),
            ];
        });

    private void Layers()
    {
        string ids = net.Input("input_ids", "n,s", OnnxElementType.Int64);
        string mask = net.Op("Cast", net.Input("attention_mask", "n,s", OnnxElementType.Int64), ("to", (int)OnnxElementType.Float));
        string masked = net.Op("Unsqueeze", $"{net.Op("Sub", $"{net.Scalar(1)} {mask}")} {net.Int64s(1, 2)}");
        masked = net.Op("Mul", $"{masked} {net.Scalar(float.MinValue)}");

        string places = net.Op(
            "Slice",
            $"{net.Constant(OnnxTensor.Create<long>(OnnxElementType.Int64, [1, 64], [.. Enumerable.Range(0, 64).Select(i => (long)i)]))} "
            + $"{net.Int64s(0)} {net.Op("Unsqueeze", $"{Dimension(ids, 1)} {net.Int64s(0)}")} {net.Int64s(1)}");
        string x = Normalize(net.Op("Add", $"{net.Embedding(ids, Words, Width)} {net.Embedding(places, 64, Width)}"));
        for (int layer = 0; layer < 3; layer++)
        {
            x = Normalize(net.Op("Add", $"{Attention(x, masked)} {x}"));
            string inner = Gelu(net.Linear(x, Width, 4 * Width));
            x = Normalize(net.Op("Add", $"{net.Linear(inner, 4 * Width, Width)} {x}"));
        }
        string first = net.Op("Gather", $"{x} {net.Int64(0)}", ("axis", 1));
        net.Output(net.Gemm(net.Op("Tanh", net.Gemm(first, Width, Width)), Width, 5), "n,5");
        net.Output(x, $"n,s,{Width}");
    }

    private string Attention(string x, string masked)
    {
        string query = Split(net.Linear(x, Width, Width, gain: 2), 0, 2, 1, 3);
        string key = Split(net.Linear(x, Width, Width, gain: 2), 0, 2, 3, 1);
        string value = Split(net.Linear(x, Width, Width), 0, 2, 1, 3);
        string scores = net.Op("Div", $"{net.Op("MatMul", $"{query} {key}")} {net.Scalar(4)}");
        string weights = net.Op("Softmax", net.Op("Add", $"{scores} {masked}"), ("axis", -1));
        string joined = net.Op("Transpose", net.Op("MatMul", $"{weights} {value}"), ("perm", new[] { 0, 2, 1, 3 }));
        return net.Linear(net.Op("Reshape", $"{joined} {Shape(x, Width)}"), Width, Width);
    }

    /// <summary>[n, s, Width] → [n, s, Heads, Width / Heads], with the axes in another order.</summary>
    private string Split(string x, params int[] order) =>
        net.Op("Transpose", net.Op("Reshape", $"{x} {Shape(x, Heads, Width / Heads)}"), ("perm", order));

    /// <summary>A target for Reshape: the first two dimensions of a value, and others behind them.</summary>
    private string Shape(string x, params long[] others)
    {
        string[] parts =
        [
            .. new[] { Dimension(x, 0), Dimension(x, 1) }.Concat(others.Select(net.Int64))
                .Select(part => net.Op("Unsqueeze", $"{part} {net.Int64s(0)}")),
        ];
        return net.Op("Concat", string.Join(' ', parts), ("axis", 0));
    }

    private string Dimension(string x, long axis) => net.Op("Gather", $"{net.Op("Shape", x)} {net.Int64(axis)}", ("axis", 0));

    private string Normalize(string x)
    {
        string centred = net.Op("Sub", $"{x} {net.Op("ReduceMean", x, ("axes", new[] { -1 }))}");
        string variance = net.Op("ReduceMean", net.Op("Pow", $"{centred} {net.Scalar(2)}"), ("axes", new[] { -1 }));
        string deviation = net.Op("Sqrt", net.Op("Add", $"{variance} {net.Scalar(1e-12f)}"));
        string scaled = net.Op("Mul", $"{net.Op("Div", $"{centred} {deviation}")} {net.Vector("gamma", Gammas())}");
        return net.Op("Add", $"{scaled} {net.Vector("beta", net.Values.Normals(Width, 0, 0.1f))}");
    }

    /// <summary>Two dimensions far above the others, as trained encoders have them.</summary>
    private float[] Gammas()
    {
        float[] gammas = net.Values.Uniforms(Width, 0.7f, 1.1f);
        gammas[11] = 6;
        gammas[40] = 4;
        return gammas;
    }

    private string Gelu(string x)
    {
        string erf = net.Op("Erf", net.Op("Div", $"{x} {net.Scalar(1.4142135f)}"));
        return net.Op("Mul", $"{net.Op("Mul", $"{x} {net.Op("Add", $"{erf} {net.Scalar(1)}")}")} {net.Scalar(0.5f)}");
    }
}
