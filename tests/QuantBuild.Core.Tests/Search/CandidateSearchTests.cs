using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class CandidateSearchTests
{
    private const int Problems = 12;

    private static readonly ICandidateSearch[] Searches = [new ExactSearch(), new EvolutionarySearch(1)];

    [TestMethod]
    [DataRow(0d, 0d, 1.04, 1.12)]
    [DataRow(0.2, 0d, 1.05, 1.15)]
    [DataRow(0.2, 0.05, 1.06, 1.20)]
    public void Exact_EightEvaluations_ComesNearTheSmallest(double interaction, double chance, double mean, double worst)
    {
        double[] ratios = [.. Enumerable.Range(0, Problems).Select(seed => SizeRatio(new ExactSearch(), seed, interaction, chance))];

        Console.WriteLine($"exact, bytes over optimum: mean {ratios.Average():F3}, worst {ratios.Max():F3}");
        Assert.IsTrue(ratios.Average() <= mean && ratios.Max() <= worst, string.Join(' ', ratios.Select(ratio => $"{ratio:F3}")));
    }

    [TestMethod]
    public void Synthetic_MostProblems_AreNotSolvedByTheSmallestForms()
    {
        int hard = Enumerable.Range(0, Problems).Count(seed =>
        {
            SearchProblem problem = SearchProblems.Model(seed, 6, 4);
            long smallest = problem.OtherBytes + 17 + problem.Layers.Sum(layer => layer.Options.Min(option => option.Bytes));
            return new SyntheticModel(problem, seed).Optimum(problem.Objective).Bytes > smallest;
        });

        Assert.IsTrue(hard > Problems * 3 / 4, $"{hard} of {Problems}");
    }

    [TestMethod]
    public void Evolutionary_EightEvaluations_ComesNearTheSmallest()
    {
        double[] ratios = [.. Enumerable.Range(0, Problems / 2).Select(problem => SizeRatio(new EvolutionarySearch(1), problem, 0.2, 0))];

        Console.WriteLine($"evolutionary, bytes over optimum: mean {ratios.Average():F3}, worst {ratios.Max():F3}");
        Assert.IsTrue(ratios.Average() <= 1.03 && ratios.Max() <= 1.1, string.Join(' ', ratios.Select(ratio => $"{ratio:F3}")));
    }

    [TestMethod]
    public void Evolutionary_LargeModelFiveSeeds_ComesNearTheExactSearch()
    {
        SearchProblem problem = SearchProblems.Model(11, 30, 8);
        double exact = Best(problem, new ExactSearch().Run(problem, [], 8, new SyntheticModel(problem, 11).Measure)).Bytes;
        double[] ratios =
        [
            .. Enumerable.Range(1, 5).Select(seed =>
                Best(problem, new EvolutionarySearch(seed).Run(problem, [], 8, new SyntheticModel(problem, 11).Measure)).Bytes / exact),
        ];

        Console.WriteLine($"evolutionary over exact, by seed: {string.Join(' ', ratios.Select(ratio => $"{ratio:F3}"))}");
        Assert.IsTrue(ratios.Max() <= 1.05, string.Join(' ', ratios.Select(ratio => $"{ratio:F3}")));
    }

    [TestMethod]
    public void Exact_Latency_ComesNearTheFastestWithinMaxBytes()
    {
        for (int seed = 0; seed < Problems; seed++)
        {
            SearchProblem problem = Limited(seed, QuantizationObjective.Latency, null);
            var truth = new SyntheticModel(problem, seed);
            Measured best = Best(problem, new ExactSearch().Run(problem, [], 8, truth.Measure));

            Assert.IsTrue(best.Bytes <= problem.Limits.MaxBytes);
            Assert.IsTrue(best.Cost <= truth.Optimum(problem.Objective).Cost * 1.15, $"seed {seed}: {best.Cost}");
        }
    }

    [TestMethod]
    public void Exact_Accuracy_ComesNearTheLeastNoiseWithinBothLimits()
    {
        for (int seed = 0; seed < Problems; seed++)
        {
            SearchProblem problem = Limited(seed, QuantizationObjective.Accuracy, 0.6);
            var truth = new SyntheticModel(problem, seed, limit: 1000);
            Measured best = Best(problem, new ExactSearch().Run(problem, [], 8, truth.Measure));

            Assert.IsTrue(best.Bytes <= problem.Limits.MaxBytes && best.Cost <= problem.Limits.MaxCost);
            Assert.IsTrue(best.Noise <= truth.Optimum(problem.Objective).Noise * 1.3, $"seed {seed}: {best.Noise}");
        }
    }

    [TestMethod]
    public void Run_EveryBudget_IsKeptWithoutMeasuringTwice()
    {
        foreach (ICandidateSearch search in Searches)
        {
            foreach (int budget in (int[])[0, 1, 2, 5, 20])
            {
                SearchProblem problem = SearchProblems.Model(3, 6, 4);
                var truth = new SyntheticModel(problem, 3);
                IReadOnlyList<Measured> all = search.Run(problem, [], budget, truth.Measure);

                Assert.AreEqual(truth.Asked.Count, all.Count);
                Assert.IsTrue(all.Count <= budget && (budget == 0 || all.Count > 0));
                Assert.AreEqual(all.Count, all.Select(one => one.Proposal.Assignment.Text).Distinct().Count());
            }
        }
    }

    [TestMethod]
    public void Run_SameProblem_AsksTheSame()
    {
        foreach (ICandidateSearch search in Searches)
            Assert.AreEqual(Asked(search, 4), Asked(search, 4));
        Assert.AreNotEqual(Asked(new EvolutionarySearch(1), 4), Asked(new EvolutionarySearch(2), 4));
    }

    [TestMethod]
    public void Run_MoreEvaluations_IsNeverWorse()
    {
        foreach (ICandidateSearch search in Searches)
        {
            SearchProblem problem = SearchProblems.Model(5, 7, 4);
            IReadOnlyList<Measured> all = search.Run(problem, [], 10, new SyntheticModel(problem, 5).Measure);
            long best = long.MaxValue;
            for (int count = 1; count <= all.Count; count++)
            {
                long now = SearchOutcome.Of([.. all.Take(count)], problem.Limits, problem.Objective).Chosen?.Bytes ?? long.MaxValue;
                Assert.IsTrue(now <= best);
                best = now;
            }

            Assert.IsTrue(best < all[0].Bytes, $"{search}: nothing better than the first candidate");
        }
    }

    [TestMethod]
    public void Run_InterruptedAfterEveryEvaluation_EndsTheSame()
    {
        const int Budget = 6;
        foreach (ICandidateSearch search in Searches)
        {
            SearchProblem problem = SearchProblems.Model(6, 6, 4);
            IReadOnlyList<Measured> whole = search.Run(problem, [], Budget, new SyntheticModel(problem, 6).Measure);
            for (int stop = 1; stop < whole.Count; stop++)
            {
                byte[] file = SearchRecord.Of("problem", [.. whole.Take(stop)]).ToBytes();
                IReadOnlyList<Measured> known = SearchRecord.Read(file, "problem")!;
                IReadOnlyList<Measured> resumed = search.Run(problem, known, Budget - stop, new SyntheticModel(problem, 6).Measure);

                CollectionAssert.AreEqual(whole.Select(Text).ToArray(), resumed.Select(Text).ToArray(), $"{search} after {stop}");
            }
        }
    }

    [TestMethod]
    public void Run_First_IsTheSafeCandidate()
    {
        SearchProblem problem = SearchProblems.Model(3, 6, 5);
        foreach (ICandidateSearch search in Searches)
        {
            Measured first = search.Run(problem, [], 2, new SyntheticModel(problem, 3).Measure)[0];

            Assert.IsTrue(first.Proposal.Assignment.Forms.Values.All(form => form.Bits == 8), first.Proposal.Assignment.Text);
        }
    }

    [TestMethod]
    public void Exact_OneEvaluation_IsSmallerThanEightBitsAndCareful()
    {
        SearchProblem problem = SearchProblems.Model(3, 6, 5);
        Measured only = new ExactSearch().Run(problem, [], 1, new SyntheticModel(problem, 3).Measure).Single();

        Assert.IsTrue(only.Proposal.Noise <= NoiseToDrop.CarefulNoise, $"{only.Proposal.Decibels} dB");
        Assert.IsTrue(only.Bytes < new ExactSearch().Run(problem, [], 2, new SyntheticModel(problem, 3).Measure)[0].Bytes);
    }

    [TestMethod]
    public void Run_LimitOfSizeThatNothingKeeps_MeasuresTheSmallestAndStops()
    {
        SearchProblem problem = SearchProblems.Model(3, 5, 4, limits: new SearchLimits(10, null));

        IReadOnlyList<Measured> all = new ExactSearch().Run(problem, [], 5, new SyntheticModel(problem, 3).Measure);

        Assert.AreEqual(1, all.Count);
        Assert.IsNull(SearchOutcome.Of(all, problem.Limits, problem.Objective).Chosen);
    }

    [TestMethod]
    public void Run_MetricWithoutValue_EndsWithinTheBudget()
    {
        SearchProblem problem = SearchProblems.Model(3, 5, 4);
        foreach (ICandidateSearch search in Searches)
        {
            IReadOnlyList<Measured> all = search.Run(
                problem, [], 5, proposal => new Measured(proposal, proposal.Bytes, proposal.Cost, double.NaN, null, double.NaN));

            Assert.IsTrue(all.Count is > 0 and <= 5);
            Assert.AreEqual(all.Count, all.Select(Text).Distinct().Count());
        }
    }

    [TestMethod]
    public void Run_NothingLimitsAccuracy_FindsTheSmallestOfAll()
    {
        SearchProblem problem = SearchProblems.Model(3, 5, 4);
        IReadOnlyList<Measured> all = new ExactSearch().Run(
            problem, [], 20, proposal => new Measured(proposal, proposal.Bytes, proposal.Cost, proposal.Noise, null, 0));

        Assert.AreEqual(1000 + problem.Layers.Sum(layer => layer.Options.Min(option => option.Bytes)), Best(problem, all).Bytes);
    }

    private static double SizeRatio(ICandidateSearch search, int seed, double interaction, double chance)
    {
        SearchProblem problem = SearchProblems.Model(seed, 6, 4);
        var truth = new SyntheticModel(problem, seed, interaction: interaction, chance: chance);
        IReadOnlyList<Measured> all = search.Run(problem, [], 8, truth.Measure);
        Assert.IsTrue(all.Count <= 8);
        return Best(problem, all).Bytes / (double)truth.Optimum(problem.Objective).Bytes;
    }

    private static SearchProblem Limited(int seed, QuantizationObjective objective, double? maxCost)
    {
        SearchProblem problem = SearchProblems.Model(seed, 6, 4, objective);
        long eight = problem.OtherBytes + problem.Layers.Sum(layer => layer.Options[0].Bytes);
        return problem with { Limits = new SearchLimits(eight, maxCost) };
    }

    private static Measured Best(SearchProblem problem, IReadOnlyList<Measured> all)
    {
        Measured? best = SearchOutcome.Of(all, problem.Limits, problem.Objective).Chosen;
        Assert.IsNotNull(best, string.Join(' ', all.Select(one => $"{one.Noise:E2} {one.Excess:F2};")));
        return best;
    }

    private static string Asked(ICandidateSearch search, int seed)
    {
        SearchProblem problem = SearchProblems.Model(seed, 20, 6);
        return string.Join("\n\n", search.Run(problem, [], 4, new SyntheticModel(problem, seed).Measure).Select(Text));
    }

    private static string Text(Measured one) => one.Proposal.Assignment.Text;
}
