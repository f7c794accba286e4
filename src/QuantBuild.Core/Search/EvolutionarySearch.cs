namespace QuantBuild.Search;

/// <summary>Breeds candidates by what is expected of them, and measures the most promising one of every round.</summary>
/// <remarks>
/// Regularized evolution (Real and others, 2019): the best of a few random members has a child, and the oldest member leaves. A round
/// begins with what has been measured, uniform choices and mutations of both, and its random numbers follow from the seed and the number of
/// measurements alone, so an interrupted search goes on as if it had not been.
/// </remarks>
internal sealed class EvolutionarySearch(long seed) : ICandidateSearch
{
    private const int Members = 64;

    private const int Children = 4000;

    /// <summary>Random members of which the best has a child.</summary>
    private const int Contestants = 8;

    /// <summary>Share of the children that have two parents.</summary>
    private const double CrossingShare = 0.3;

    /// <summary>Layers that a mutation changes on average.</summary>
    private const double MutatedLayers = 2;

    public IReadOnlyList<Measured> Run(SearchProblem problem, IReadOnlyList<Measured> known, int evaluations, Evaluation evaluate)
    {
        var ledger = new SearchLedger(problem, known, evaluations, evaluate);
        while (ledger.Left > 0 && ledger.Space.HasChoices && Next(ledger) is { } choice)
            ledger.Measure(choice);
        return ledger.All;
    }

    private int[]? Next(SearchLedger ledger)
    {
        if (ledger.Results.Count == 0 && ledger.Left > 1 && SafeChoice.Of(ledger.Space, ledger.Problem.Limits) is { } safe)
            return safe;
        var random = SeededGenerator.OfPart(seed, ledger.All.Count);
        var fitness = new Fitness(new SearchKnowledge(ledger));
        (int[] Choice, double Value)? best = null;
        var population = new Queue<(int[] Choice, double Value)>();
        foreach (int[] choice in Founders(ledger, random))
            Join(choice);
        for (int child = 0; child < Children; child++)
        {
            (int[] Choice, double Value)[] members = [.. population];
            int[] parent = Winner(members, random);
            int[] crossed = random.NextDouble() < CrossingShare ? Crossed(parent, Winner(members, random), random) : parent;
            Join(Mutated(ledger.Space, crossed, random));
        }

        return best?.Choice;

        void Join(int[] choice)
        {
            double value = fitness.Of(choice);
            population.Enqueue((choice, value));
            if (population.Count > Members)
                population.Dequeue();
            if ((best is null || value > best.Value.Value) && !ledger.IsMeasured(choice))
                best = (choice, value);
        }
    }

    /// <summary>Random ones first: they leave first.</summary>
    private static IEnumerable<int[]> Founders(SearchLedger ledger, SeededGenerator random)
    {
        List<int[]> given = [.. Uniform(ledger.Space), .. ledger.Results.TakeLast(Members / 4).Select(one => one.Choice)];
        if (SafeChoice.Of(ledger.Space, ledger.Problem.Limits) is { } safe)
            given.Add(safe);
        for (int i = given.Count; i < Members; i++)
            yield return Mutated(ledger.Space, given[random.Next(given.Count)], random);
        foreach (int[] choice in given)
            yield return choice;
    }

    /// <summary>For every form that any layer has: all layers in it, those without it in their most accurate one.</summary>
    private static IEnumerable<int[]> Uniform(ChoiceSpace space) =>
        from form in space.Rows.SelectMany(row => row.Select(option => option.Form)).Distinct()
            .OrderBy(form => form.Code, StringComparer.Ordinal)
        select space.Rows.Select(row => Math.Max(Array.FindIndex(row, option => option.Form == form), 0)).ToArray();

    private static int[] Winner((int[] Choice, double Value)[] members, SeededGenerator random)
    {
        (int[] Choice, double Value) best = members[random.Next(members.Length)];
        for (int i = 1; i < Contestants; i++)
        {
            (int[] Choice, double Value) other = members[random.Next(members.Length)];
            if (other.Value > best.Value)
                best = other;
        }

        return best.Choice;
    }

    private static int[] Crossed(int[] one, int[] other, SeededGenerator random)
    {
        var child = (int[])one.Clone();
        for (int layer = 0; layer < child.Length; layer++)
        {
            if (random.Next(2) == 0)
                child[layer] = other[layer];
        }

        return child;
    }

    private static int[] Mutated(ChoiceSpace space, int[] choice, SeededGenerator random)
    {
        var child = (int[])choice.Clone();
        do
        {
            int layer = random.Next(child.Length);
            child[layer] = random.Next(space.Rows[layer].Length);
        }
        while (random.NextDouble() > 1 / MutatedLayers);
        return child;
    }

    /// <summary>What a choice is expected to be good for; more is better.</summary>
    private sealed class Fitness(SearchKnowledge knowledge)
    {
        /// <summary>What missing a limit by its whole costs, in objectives of the best choice.</summary>
        private const double Penalty = 10;

        private const double LogisticSlope = 1.702;

        /// <summary>Objective of the best that fits; of the most expensive choice as long as nothing does.</summary>
        private readonly double _most = Math.Max(
            knowledge.Space.Of(knowledge.Goal, knowledge.Best?.Choice ?? MostExpensive(knowledge)), double.Epsilon);

        public double Of(int[] choice)
        {
            ChoiceSpace space = knowledge.Space;
            double misses = Over(space.BytesOf(choice), knowledge.MaxBytes) + Over(space.CostOf(choice), knowledge.MaxCost);
            if (misses > 0)
                return -Penalty * misses;
            double noise = space.NoiseOf(choice);
            if (knowledge.Goal == Criterion.Noise)
                return 1 / (1 + (noise / NoiseToDrop.CarefulNoise));
            double gain = 1 - (space.Of(knowledge.Goal, choice) / _most);
            double distance = Math.Log(Math.Max(noise, double.Epsilon)) - Math.Log(knowledge.Threshold);
            return gain <= 0 ? gain : gain / (1 + Math.Exp(LogisticSlope * distance / knowledge.Doubt));
        }

        private static int[] MostExpensive(SearchKnowledge knowledge) =>
            [.. knowledge.Space.Rows.Select(row => Array.IndexOf(row, row.MaxBy(option => knowledge.Space.Of(knowledge.Goal, option))))];

        private static double Over(double value, double? limit) => value > limit ? (value / Math.Max(limit.Value, double.Epsilon)) - 1 : 0;
    }
}
