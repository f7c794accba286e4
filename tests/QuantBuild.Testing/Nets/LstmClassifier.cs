using QuantBuild.Onnx;

namespace QuantBuild.Testing.Nets;

/// <summary>A classifier of texts: words looked up in a table, two layers of LSTM in both directions over texts of unequal length, the last
/// states into a linear layer.</summary>
internal static class LstmClassifier
{
    private const int Longest = 24;
    private const int Words = 400;
    private const int Width = 48;
    private const int Hidden = 64;

    public static GeneratedNet Net { get; } = new("lstm-classifier", Build, Samples);

    private static IReadOnlyList<NamedArray> Samples(int count, int seed)
    {
        int[] lengths = NaturalInputs.Lengths(count, Longest, seed);
        return [NaturalInputs.Words("words", Longest, Words, lengths, seed), NaturalInputs.LengthInput("lengths", lengths)];
    }

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 104, opset: 14) { ConstantsAreNodes = true };
        string words = net.Input("words", "n,s", OnnxElementType.Int64);
        string lengths = net.Input("lengths", "n", OnnxElementType.Int32);

        string x = net.Op("Transpose", net.Embedding(words, Words, Width), ("perm", new[] { 1, 0, 2 }));
        string[] first = net.Recurrent("LSTM", x, lengths, Width, Hidden);
        // [s, 2, n, Hidden] → [s, n, 2·Hidden]
        x = net.Op("Reshape", $"{net.Op("Transpose", first[0], ("perm", new[] { 0, 2, 1, 3 }))} {net.Int64s(0, 0, -1)}");
        string[] second = net.Recurrent("LSTM", x, lengths, 2 * Hidden, Hidden);

        string state = net.Op("Transpose", second[1], ("perm", new[] { 1, 0, 2 }));
        string y = net.Gemm(net.Op("Reshape", $"{state} {net.Int64s(-1, 2 * Hidden)}"), 2 * Hidden, 12, gain: 9);
        net.Output(net.Op("Softmax", y, ("axis", 1)), "n,12");
        return net.ToBytes();
    }
}
