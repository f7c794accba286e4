namespace QuantBuild.Search;

/// <summary>The best whole choice so far.</summary>
internal sealed class KnapsackIncumbent(KnapsackTable table, ChoiceSpace space, KnapsackLimits limits)
{
    private const double Rounding = 1e-12;

    /// <summary>Place of the option of each layer in the table; null: none keeps the limits yet.</summary>
    public int[]? Places { get; private set; }

    /// <summary>Goal of it above <see cref="KnapsackTable.Base"/>. Without one it is more than any choice has.</summary>
    public double Goal { get; private set; } = (table.Goal.Sum(row => row.Max()) * (1 + 1e-9)) + double.Epsilon;

    /// <summary>True for a bound that leaves nothing to gain.</summary>
    public bool Rules(double bound) => Places is null
        ? bound > Goal
        : bound >= Goal - (Goal * Rounding) || bound > Goal - (table.Step * (1 - 1e-6));

    /// <summary>Takes it over when it keeps the limits and is better.</summary>
    public void Offer(int[] places)
    {
        double goal = 0;
        for (int layer = 0; layer < places.Length; layer++)
            goal += table.Goal[layer][places[layer]];
        if ((Places is null || goal < Goal) && space.Keeps(table.ChoiceOf(places), limits))
            (Places, Goal) = ((int[])places.Clone(), goal);
    }

    /// <summary>Changes single layers as long as that is better and keeps the limits.</summary>
    public void Improve()
    {
        if (Places is null)
            return;
        var places = (int[])Places.Clone();
        double first = Sum(table.First, places);
        double second = Sum(table.Second, places);
        while (BestMove(places, first, second) is { Layer: >= 0 } move)
        {
            first += table.First.Values[move.Layer][move.Place] - table.First.Values[move.Layer][places[move.Layer]];
            second += table.Second.Values[move.Layer][move.Place] - table.Second.Values[move.Layer][places[move.Layer]];
            places[move.Layer] = move.Place;
        }

        Offer(places);
    }

    private (int Layer, int Place) BestMove(int[] places, double first, double second)
    {
        (int Layer, int Place) best = (-1, -1);
        double most = 0;
        for (int layer = 0; layer < places.Length; layer++)
        {
            int now = places[layer];
            for (int place = 0; place < table.Goal[layer].Length; place++)
            {
                double gain = table.Goal[layer][now] - table.Goal[layer][place];
                if (gain > most
                    && first + table.First.Values[layer][place] - table.First.Values[layer][now] <= 1
                    && second + table.Second.Values[layer][place] - table.Second.Values[layer][now] <= 1)
                    (most, best) = (gain, (layer, place));
            }
        }

        return best;
    }

    private static double Sum(Limited limited, int[] places) => places.Select((place, layer) => limited.Values[layer][place]).Sum();
}
