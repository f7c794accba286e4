namespace QuantBuild.Search;

/// <summary>Grows partial choices layer by layer and keeps those that can still become the best whole one.</summary>
internal sealed class KnapsackLabels
{
    /// <summary>Once the limit of nodes is reached: enough for a good choice, and quick.</summary>
    private const int LabelsBeyondLimit = 32;

    private readonly KnapsackTable _table;
    private readonly KnapsackIncumbent _best;
    private readonly int _most;
    private readonly long _nodeLimit;
    private readonly double _bound;

    /// <summary>What an option costs at the prices more than the best one of its layer.</summary>
    private readonly double[][] _reduced;

    /// <summary>Layers, those first where few options are left: labels stay few for longest.</summary>
    private readonly int[] _order;
    private readonly int[] _cheapest;
    private readonly List<List<Label>> _stages = [];

    /// <summary>Sums over the layers that are still to come, with what is cheapest at the prices, and with the least use.</summary>
    private readonly Rest[] _rest;

    private double _givenUp = double.PositiveInfinity;

    /// <param name="most">Partial choices that are kept.</param>
    /// <param name="nodeLimit">Partial choices that are looked at before few are kept.</param>
    public KnapsackLabels(KnapsackTable table, KnapsackDual dual, KnapsackIncumbent best, int most, long nodeLimit)
    {
        (_table, _best, _most, _nodeLimit, _bound) = (table, best, most, nodeLimit, dual.Bound);
        _reduced = [.. table.Goal.Select((goal, layer) => Reduced(goal, table.First.Values[layer], table.Second.Values[layer], dual))];
        _cheapest = [.. _reduced.Select(row => Array.IndexOf(row, 0d))];
        _order = [.. Enumerable.Range(0, table.Layers).OrderByDescending(layer => SecondLeast(_reduced[layer])).ThenBy(layer => layer)];
        _rest = Rests();
    }

    public long Nodes { get; private set; }

    /// <summary>No choice that keeps the limits has a lower goal above <see cref="KnapsackTable.Base"/>.</summary>
    public double Bound => Math.Min(_givenUp, _best.Goal);

    public bool IsProven => double.IsPositiveInfinity(_givenUp) || _best.Rules(_givenUp);

    public void Grow()
    {
        _stages.Add([new Label(0, 0, 0, 0, -1, -1)]);
        if (!_best.Rules(_bound))
            TryWhole(0, 0, 0, 0, -1);
        for (int stage = 0; stage < _order.Length && _stages[stage].Count > 0; stage++)
            _stages.Add(KnapsackDominance.Kept(Extend(stage), _table.Second.IsBinding, Most(stage), GiveUp));
    }

    private int Most(int stage) => stage == _order.Length - 1 ? int.MaxValue : Nodes > _nodeLimit ? LabelsBeyondLimit : _most;

    private void GiveUp(double reduced) => _givenUp = Math.Min(_givenUp, _bound + reduced);

    private List<Label> Extend(int stage)
    {
        int layer = _order[stage];
        (double[] goal, double[] first, double[] second) = (_table.Goal[layer], _table.First.Values[layer], _table.Second.Values[layer]);
        Rest rest = _rest[stage + 1];
        List<Label> labels = _stages[stage];
        var next = new List<Label>(labels.Count);
        for (int parent = 0; parent < labels.Count; parent++)
        {
            Label label = labels[parent];
            for (int place = 0; place < goal.Length; place++)
            {
                double reduced = label.Reduced + _reduced[layer][place];
                if (_best.Rules(_bound + reduced))
                    continue;
                Nodes++;
                double uses1 = label.First + first[place];
                double uses2 = label.Second + second[place];
                if (uses1 + rest.LeastFirst > _table.First.Most || uses2 + rest.LeastSecond > _table.Second.Most)
                    continue;
                var child = new Label(label.Goal + goal[place], uses1, uses2, reduced, parent, place);
                TryWhole(child.Goal, uses1, uses2, stage + 1, parent, place);
                next.Add(child);
            }
        }

        next.RemoveAll(label => _best.Rules(_bound + label.Reduced));
        return next;
    }

    /// <summary>Takes the cheapest options for the layers to come.</summary>
    private void TryWhole(double goal, double first, double second, int stage, int parent, int place = -1)
    {
        Rest rest = _rest[stage];
        if ((_best.Places is not null && goal + rest.Goal >= _best.Goal)
            || first + rest.First > _table.First.Most || second + rest.Second > _table.Second.Most)
            return;
        var places = (int[])_cheapest.Clone();
        for (int at = stage - 1; at >= 0; at--)
        {
            places[_order[at]] = place;
            (place, parent) = (_stages[at][parent].Place, _stages[at][parent].Parent);
        }

        _best.Offer(places);
    }

    private Rest[] Rests()
    {
        var rests = new Rest[_order.Length + 1];
        for (int stage = _order.Length - 1; stage >= 0; stage--)
        {
            int layer = _order[stage];
            int place = _cheapest[layer];
            Rest next = rests[stage + 1];
            rests[stage] = new Rest(
                next.Goal + _table.Goal[layer][place],
                next.First + _table.First.Values[layer][place],
                next.Second + _table.Second.Values[layer][place],
                next.LeastFirst + _table.First.Values[layer].Min(),
                next.LeastSecond + _table.Second.Values[layer].Min());
        }

        return rests;
    }

    private static double[] Reduced(double[] goal, double[] first, double[] second, KnapsackDual dual)
    {
        double[] priced = [.. goal.Select((value, place) => value + (dual.FirstPrice * first[place]) + (dual.SecondPrice * second[place]))];
        double least = priced.Min();
        return [.. priced.Select(value => value - least)];
    }

    private static double SecondLeast(double[] reduced) => reduced.Length == 1 ? double.PositiveInfinity : reduced.Order().ElementAt(1);

    private readonly record struct Rest(double Goal, double First, double Second, double LeastFirst, double LeastSecond);
}

/// <summary>A choice for the first layers of the order.</summary>
/// <param name="Reduced">What it costs at the prices more than the best choice.</param>
/// <param name="Parent">Place in the list before.</param>
/// <param name="Place">Of the option of the last layer.</param>
internal readonly record struct Label(double Goal, double First, double Second, double Reduced, int Parent, int Place);
