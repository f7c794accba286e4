namespace QuantBuild.Testing.RandomGraphs;

/// <summary>LSTM, GRU and RNN in one or both directions.</summary>
internal static class RecurrentSteps
{
    public static (int Weight, string Name, GrowthStep Grow)[] All { get; } = [(3, "Recurrent", Recurrent)];

    private static bool Recurrent(GraphGrower g)
    {
        if (g.Pick(value => value.Rank == 3) is not { } x)
            return false;
        (string opType, int gates) = new[] { ("LSTM", 4), ("GRU", 3), ("RNN", 1) }[g.Random.Next(3)];
        string direction = new[] { "forward", "reverse", "bidirectional" }[g.Random.Next(3)];
        long directions = direction == "bidirectional" ? 2 : 1;
        long hidden = g.OddSize();
        long width = x.Shape[2];
        // [batch, time, width] → [time, batch, width], and back behind it.
        string turned = g.Node("Transpose", x.Name, ("perm", new[] { 1, 0, 2 }));
        string w = g.Constant(g.Floats([directions, gates * hidden, width], 1 / Math.Sqrt(width)));
        string r = g.Constant(g.Floats([directions, gates * hidden, hidden], 0.7 / Math.Sqrt(hidden)));
        string b = g.Random.Next(3) == 0 ? "" : " " + g.Constant(g.Floats([directions, 2 * gates * hidden], 0.2));
        string[] results = g.Nodes(
            g.Random.Next(2) == 0 ? 2 : 1, opType, $"{turned} {w} {r}{b}", ("hidden_size", hidden), ("direction", direction));
        string states = g.Node("Transpose", results[0], ("perm", new[] { 2, 0, 1, 3 }));
        g.Add(states, [x.Shape[0], x.Shape[1], directions, hidden], 0.4);
        if (results.Length == 2)
            g.Add(g.Node("Transpose", results[1], ("perm", new[] { 1, 0, 2 })), [x.Shape[0], directions, hidden], 0.4);
        return true;
    }
}
