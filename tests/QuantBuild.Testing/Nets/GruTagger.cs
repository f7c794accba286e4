namespace QuantBuild.Testing.Nets;

/// <summary>Marks every moment of a sound: features over time, a linear layer, two layers of GRU (one of them in both directions), a
/// score per
/// moment.</summary>
internal static class GruTagger
{
    private const int Length = 40;
    private const int Bands = 32;
    private const int Hidden = 56;

    public static GeneratedNet Net { get; } = new(
        "gru-tagger", Build, (count, seed) => [NaturalInputs.Features("features", count, Length, Bands, seed)]);

    private static byte[] Build()
    {
        var net = new LayerBuilder(seed: 105, opset: 15);
        string x = net.Op("Tanh", net.Linear(net.Input("features", $"n,s,{Bands}"), Bands, 48));
        x = net.Op("Transpose", x, ("perm", new[] { 1, 0, 2 }));
        string[] first = net.Recurrent("GRU", x, "-", 48, Hidden, ("linear_before_reset", 1));
        x = net.Op("Reshape", $"{net.Op("Transpose", first[0], ("perm", new[] { 0, 2, 1, 3 }))} {net.Int64s(0, 0, -1)}");
        string[] second = net.Recurrent("GRU", x, "-", 2 * Hidden, Hidden, ("linear_before_reset", 0));
        x = net.Op("Reshape", $"{net.Op("Transpose", second[0], ("perm", new[] { 2, 0, 1, 3 }))} {net.Int64s(0, 0, -1)}");
        net.Output(net.Op("LogSoftmax", net.Linear(x, 2 * Hidden, 9), ("axis", -1)), "n,s,9");
        return net.ToBytes();
    }
}
