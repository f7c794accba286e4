using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class MultipleChoiceKnapsackTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Solve_ThousandsOfSmallProblems_EqualsBruteForce(int first)
    {
        for (int seed = first; seed < 4500; seed += 3)
            AssertEqualsBruteForce(SearchProblems.Random(seed), seed);
    }

    [TestMethod]
    public void Solve_SmallModels_EqualsBruteForce()
    {
        for (int seed = 0; seed < 150; seed++)
            AssertEqualsBruteForce(SearchProblems.Model(seed, 4 + (seed % 3), 4), seed);
    }

    [TestMethod]
    [DataRow(nameof(Criterion.Bytes))]
    [DataRow(nameof(Criterion.Cost))]
    [DataRow(nameof(Criterion.Noise))]
    public void Solve_TwoHundredLayersWithOneLimit_IsProven(string goalName)
    {
        var goal = Enum.Parse<Criterion>(goalName);
        SearchProblem problem = SearchProblems.Model(7, 200, 12);
        var limits = goal == Criterion.Noise ? new KnapsackLimits(MaxBytes: 2_000_000) : new KnapsackLimits(MaxNoise: 0.02);

        KnapsackSolution found = Solved(problem, goal, limits);

        Assert.IsTrue(found.IsProven, $"{Value(found.Proposal, goal)} {found.Bound}");
        Assert.IsTrue(Keeps(found.Proposal, limits));
        Assert.AreEqual(found.Proposal.Assignment.Text, Solved(problem, goal, limits).Proposal.Assignment.Text);
    }

    [TestMethod]
    [DataRow(nameof(Criterion.Bytes))]
    [DataRow(nameof(Criterion.Cost))]
    [DataRow(nameof(Criterion.Noise))]
    public void Solve_TwoHundredLayersWithTwoLimits_IsNearItsBound(string goalName)
    {
        var goal = Enum.Parse<Criterion>(goalName);
        var limits = goal switch
        {
            Criterion.Bytes => new KnapsackLimits(MaxNoise: 0.02, MaxCost: 0.7),
            Criterion.Cost => new KnapsackLimits(MaxNoise: 0.02, MaxBytes: 3_000_000),
            _ => new KnapsackLimits(MaxBytes: 2_000_000, MaxCost: 0.6),
        };

        KnapsackSolution found = Solved(SearchProblems.Model(7, 200, 12), goal, limits);
        double value = Value(found.Proposal, goal);

        Console.WriteLine($"{goalName} {value} bound {found.Bound} proven {found.IsProven} nodes {found.Nodes}");
        Assert.IsTrue(found.Bound <= value && found.Bound >= value * 0.99, $"{value} {found.Bound}");
        Assert.IsTrue(Keeps(found.Proposal, limits));
    }

    [TestMethod]
    public void Solve_EqualLayers_IsProvenAtOnce()
    {
        LayerChoices[] rows =
        [
            .. Enumerable.Range(0, 150)
                .Select(i => SearchProblems.Layer($"l{i:000}", (8, 0.001, 80, 8), (4, 0.013, 40, 4), (2, 0.2, 20, 2))),
        ];

        KnapsackSolution found = Solved(SearchProblems.Of(rows), Criterion.Bytes, new KnapsackLimits(MaxNoise: 1.7));

        Assert.IsTrue(found.IsProven);
        Assert.AreEqual(BestOfEqualLayers(150, 1.7), found.Proposal.Bytes);
    }

    [TestMethod]
    public void Solve_AdversarialProblemBeyondItsNodes_SaysHowFarItMayBe()
    {
        var random = new Random(3);
        LayerChoices[] rows =
        [
            .. Enumerable.Range(0, 60).Select(i =>
            {
                long weight = 1_000_003 + (2 * random.Next(1_000_000));
                return SearchProblems.Layer($"l{i:00}", (8, weight + 0.5, 0, 0), (4, 0, weight, random.Next(1_000_000)));
            }),
        ];
        SearchProblem problem = SearchProblems.Of(rows);
        var limits = new KnapsackLimits(MaxNoise: 45_000_000, MaxCost: 16_000_000);

        KnapsackSolution few = Solved(problem, Criterion.Bytes, limits, 100);
        KnapsackSolution more = Solved(problem, Criterion.Bytes, limits, 200_000);

        Assert.IsFalse(few.IsProven);
        Assert.IsTrue(Keeps(few.Proposal, limits));
        Assert.IsTrue(few.Bound <= more.Proposal.Bytes, $"{few.Bound} {more.Proposal.Bytes}");
        Assert.IsTrue(more.Bound <= few.Proposal.Bytes && more.Proposal.Bytes <= few.Proposal.Bytes);
    }

    [TestMethod]
    public void Solve_LimitThatNothingKeeps_IsNull()
    {
        SearchProblem problem = SearchProblems.Of(SearchProblems.Layer("a", (8, 1, 10, 1), (4, 2, 5, 1)));

        Assert.IsNull(MultipleChoiceKnapsack.Solve(problem, Criterion.Bytes, new KnapsackLimits(MaxNoise: 0.5)));
        Assert.IsNull(MultipleChoiceKnapsack.Solve(problem, Criterion.Noise, new KnapsackLimits(MaxBytes: 4)));
        Assert.IsNull(MultipleChoiceKnapsack.Solve(problem, Criterion.Noise, new KnapsackLimits(MaxCost: double.NaN)));
    }

    [TestMethod]
    public void Solve_LimitsThatOnlyTogetherCannotBeKept_IsNull()
    {
        SearchProblem problem = SearchProblems.Of(
            SearchProblems.Layer("a", (8, 0, 10, 1), (4, 0, 1, 10)), SearchProblems.Layer("b", (8, 0, 10, 1), (4, 0, 1, 10)));

        Assert.IsNull(MultipleChoiceKnapsack.Solve(problem, Criterion.Noise, new KnapsackLimits(MaxBytes: 10, MaxCost: 10)));
        Assert.IsNotNull(MultipleChoiceKnapsack.Solve(problem, Criterion.Noise, new KnapsackLimits(MaxBytes: 11, MaxCost: 11)));
    }

    [TestMethod]
    public void Solve_OneLayer_TakesTheBestOption()
    {
        SearchProblem problem = SearchProblems.Of(SearchProblems.Layer("a", (8, 1, 10, 3), (4, 2, 5, 2), (2, 3, 2, 1)));

        Assert.AreEqual("a=Float4", Solved(problem, Criterion.Bytes, new KnapsackLimits(MaxNoise: 2)).Proposal.Assignment.Text);
        Assert.AreEqual("a=Float2", Solved(problem, Criterion.Cost, new KnapsackLimits()).Proposal.Assignment.Text);
        Assert.AreEqual("a=Float8", Solved(problem, Criterion.Noise, new KnapsackLimits()).Proposal.Assignment.Text);
    }

    [TestMethod]
    public void Solve_OptionsWithoutFiniteFigures_AreNotChosen()
    {
        SearchProblem problem = SearchProblems.Of(SearchProblems.Layer(
            "a", (8, 1, 10, 3), (4, double.NaN, 5, 2), (2, double.PositiveInfinity, 2, 1), (3, -1, 1, 1), (5, 0, 1, double.NaN)));

        Assert.AreEqual("a=Float8", Solved(problem, Criterion.Bytes, new KnapsackLimits()).Proposal.Assignment.Text);
        Assert.IsNull(MultipleChoiceKnapsack.Solve(
            SearchProblems.Of(SearchProblems.Layer("a", (4, double.NaN, 5, 2))), Criterion.Bytes, new KnapsackLimits()));
    }

    [TestMethod]
    public void Solve_NoNoiseAtAll_TakesTheSmallest()
    {
        SearchProblem problem = SearchProblems.Of(
            SearchProblems.Layer("a", (8, 0, 10, 3), (4, 0, 5, 2)), SearchProblems.Layer("b", (8, 0, 1, 3)));

        Assert.AreEqual(6, Solved(problem, Criterion.Bytes, new KnapsackLimits(MaxNoise: 0)).Proposal.Bytes);
    }

    [TestMethod]
    public void Solve_EqualOptions_TakesLeastNoiseThenBytesThenCode()
    {
        SearchProblem problem = SearchProblems.Of(
            SearchProblems.Layer("a", (8, 2, 5, 1), (4, 1, 5, 1)),
            SearchProblems.Layer("b", (8, 1, 5, 1), (4, 1, 4, 1)),
            SearchProblems.Layer("c", (6, 1, 5, 1), (5, 1, 5, 1)));

        Assert.AreEqual("a=Float4\nb=Float4\nc=Float5", Solved(problem, Criterion.Cost, new KnapsackLimits()).Proposal.Assignment.Text);
    }

    private static void AssertEqualsBruteForce(SearchProblem problem, int seed)
    {
        var random = new Random(seed + 100_000);
        var space = new ChoiceSpace(problem);
        int[][] all = [.. SearchProblems.All(space)];
        int[] anchor = all[random.Next(all.Length)];
        foreach (Criterion goal in Enum.GetValues<Criterion>())
        {
            var limits = new KnapsackLimits(
                goal == Criterion.Noise || random.Next(3) == 0 ? null : space.NoiseOf(anchor) * (0.5 + random.NextDouble()),
                goal == Criterion.Bytes || random.Next(3) == 0 ? null : space.BytesOf(anchor) + random.Next(-3, 4),
                goal == Criterion.Cost || random.Next(3) == 0
                    ? null
                    : space.CostOf(anchor) * (random.Next(2) == 0 ? 1 : 0.5 + random.NextDouble()));
            int[][] kept = [.. all.Where(choice => space.Keeps(choice, limits))];
            KnapsackSolution? found = MultipleChoiceKnapsack.Solve(problem, goal, limits);

            Assert.AreEqual(kept.Length == 0, found is null, $"seed {seed} {goal} {limits}");
            if (found is null)
                continue;
            double best = kept.Min(choice => space.Of(goal, choice));
            Assert.IsTrue(found.IsProven, $"seed {seed} {goal}");
            Assert.IsTrue(Keeps(found.Proposal, limits), $"seed {seed} {goal}");
            int[] choice = space.ChoiceOf(found.Proposal.Assignment)!;
            Assert.AreEqual(best, space.Of(goal, choice), Math.Abs(best) * 1e-11, $"seed {seed} {goal} {limits}");
            if (goal != Criterion.Bytes)
                continue;
            double quietest = kept.Where(other => space.BytesOf(other) == best).Min(space.NoiseOf);
            Assert.AreEqual(quietest, found.Proposal.Noise, 1e-11, $"seed {seed}");
        }
    }

    private static long BestOfEqualLayers(int layers, double noise) => (
        from two in Enumerable.Range(0, layers + 1)
        from four in Enumerable.Range(0, layers + 1 - two)
        let eight = layers - two - four
        where (eight * 0.001) + (four * 0.013) + (two * 0.2) <= noise
        select (eight * 80L) + (four * 40L) + (two * 20L)).Min();

    private static KnapsackSolution Solved(
        SearchProblem problem, Criterion goal, KnapsackLimits limits, int nodes = MultipleChoiceKnapsack.DefaultNodeLimit)
    {
        KnapsackSolution? found = MultipleChoiceKnapsack.Solve(problem, goal, limits, nodes);
        Assert.IsNotNull(found);
        return found;
    }

    private static double Value(Proposal proposal, Criterion goal) =>
        goal switch { Criterion.Bytes => proposal.Bytes, Criterion.Cost => proposal.Cost, _ => proposal.Noise };

    private static bool Keeps(Proposal proposal, KnapsackLimits limits) =>
        !(proposal.Noise > limits.MaxNoise) && !(proposal.Bytes > limits.MaxBytes) && !(proposal.Cost > limits.MaxCost);
}
