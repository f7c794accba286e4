namespace QuantBuild.Search;

/// <summary>Leaves out partial choices that another one beats or equals in all that counts.</summary>
internal static class KnapsackDominance
{
    /// <param name="most">So many are kept at most, those with the best bound.</param>
    /// <param name="giveUp">Is told the bound of each that is left out only because there are too many.</param>
    public static List<Label> Kept(List<Label> labels, bool hasSecond, int most, Action<double> giveUp)
    {
        labels.Sort(Compare);
        var kept = new List<Label>(labels.Count);
        var stairs = new Staircase();
        double least = double.PositiveInfinity;
        foreach (Label label in labels)
        {
            if (hasSecond ? stairs.Covers(label.First, label.Second) : label.First >= least)
                continue;
            least = label.First;
            if (hasSecond)
                stairs.Add(label.First, label.Second);
            kept.Add(label);
        }

        if (kept.Count <= most)
            return kept;
        kept.Sort((left, right) => left.Reduced != right.Reduced ? left.Reduced.CompareTo(right.Reduced) : Compare(left, right));
        giveUp(kept[most].Reduced);
        kept.RemoveRange(most, kept.Count - most);
        return kept;
    }

    private static int Compare(Label left, Label right)
    {
        int order = left.Goal.CompareTo(right.Goal);
        if (order == 0)
            order = left.First.CompareTo(right.First);
        if (order == 0)
            order = left.Second.CompareTo(right.Second);
        if (order == 0)
            order = left.Parent.CompareTo(right.Parent);
        return order != 0 ? order : left.Place.CompareTo(right.Place);
    }

    /// <summary>The points that no other one is below in both: first values rise, second values fall.</summary>
    private sealed class Staircase
    {
        private readonly List<double> _first = [];
        private readonly List<double> _second = [];

        public bool Covers(double first, double second)
        {
            int step = UpTo(first);
            return step >= 0 && _second[step] <= second;
        }

        public void Add(double first, double second)
        {
            int at = UpTo(first) + 1;
            if (at > 0 && _first[at - 1] == first)
                at--;
            int end = at;
            while (end < _first.Count && _second[end] >= second)
                end++;
            _first.RemoveRange(at, end - at);
            _second.RemoveRange(at, end - at);
            _first.Insert(at, first);
            _second.Insert(at, second);
        }

        /// <returns>The last step whose first value is not larger; −1 when there is none.</returns>
        private int UpTo(double first)
        {
            int at = _first.BinarySearch(first);
            return at >= 0 ? at : ~at - 1;
        }
    }
}
