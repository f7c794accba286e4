namespace QuantBuild.Search;

/// <summary>The best whole choice so far.</summary>
internal sealed class KnapsackIncumbent(KnapsackTable table, ChoiceSpace space, KnapsackLimits limits)
{
    private const double Rounding = 1e-12;

    /// <summary>Each looks at all pairs of changes; most often a few dozen are enough.</summary>
    private const int MostImprovements = 100;

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

    /// <summary>Changes one layer or two as long as that is better and keeps the limits.</summary>
    public void Improve()
    {
        if (Places is null)
            return;
        var places = (int[])Places.Clone();
        double first = Sum(table.First, places);
        double second = Sum(table.Second, places);
        for (int i = 0; i < MostImprovements; i++)
        {
            List<Move> moves = Moves(places);
            (Move? one, Move? other) = Best(moves, 1 - first, 1 - second);
            if (one is null)
                break;
            foreach (Move move in other is null ? [one] : new[] { one, other })
            {
                first += move.First;
                second += move.Second;
                places[move.Layer] = move.Place;
            }
        }

        Offer(places);
    }

    private List<Move> Moves(int[] places)
    {
        var moves = new List<Move>();
        for (int layer = 0; layer < places.Length; layer++)
        {
            (double[] goal, double[] first, double[] second) = (table.Goal[layer], table.First.Values[layer], table.Second.Values[layer]);
            int now = places[layer];
            for (int place = 0; place < goal.Length; place++)
            {
                if (place != now)
                    moves.Add(new Move(layer, place, goal[place] - goal[now], first[place] - first[now], second[place] - second[now]));
            }
        }

        return moves;
    }

    private static (Move? One, Move? Other) Best(List<Move> moves, double firstRoom, double secondRoom)
    {
        (Move? One, Move? Other) best = (null, null);
        double least = 0;
        moves.Sort((left, right) => left.Goal != right.Goal ? left.Goal.CompareTo(right.Goal)
            : left.Layer != right.Layer ? left.Layer.CompareTo(right.Layer) : left.Place.CompareTo(right.Place));
        foreach (Move one in moves.TakeWhile(move => move.Goal < 0))
        {
            if (one.Goal < least && one.First <= firstRoom && one.Second <= secondRoom)
                (least, best) = (one.Goal, (one, null));
            foreach (Move other in moves)
            {
                if (one.Goal + other.Goal >= least)
                    break;
                if (one.Layer != other.Layer && one.First + other.First <= firstRoom && one.Second + other.Second <= secondRoom)
                    (least, best) = (one.Goal + other.Goal, (one, other));
            }
        }

        return best;
    }

    private static double Sum(Limited limited, int[] places) => places.Select((place, layer) => limited.Values[layer][place]).Sum();

    /// <summary>One layer takes another option: what that adds.</summary>
    private sealed record Move(int Layer, int Place, double Goal, double First, double Second);
}
