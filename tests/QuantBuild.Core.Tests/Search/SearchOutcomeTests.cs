using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class SearchOutcomeTests
{
    [TestMethod]
    [DataRow(nameof(QuantizationObjective.Size), "small")]
    [DataRow(nameof(QuantizationObjective.Latency), "fast")]
    [DataRow(nameof(QuantizationObjective.Accuracy), "exact")]
    public void Of_SeveralThatFit_TakesTheBestByTheObjective(string objective, string chosen)
    {
        Measured[] measured =
        [
            One("small", 10, 0.9, 0.03), One("fast", 30, 0.3, 0.02), One("exact", 50, 1, 0.001), One("wrong", 1, 0.1, 0.5, excess: 0.1),
        ];

        SearchOutcome outcome = SearchOutcome.Of(measured, SearchProblems.NoLimits, Enum.Parse<QuantizationObjective>(objective));

        Assert.AreEqual(chosen, Name(outcome.Chosen!));
        Assert.AreEqual(0, outcome.Nearest.Count);
        Assert.AreEqual("wrong small fast exact", string.Join(' ', outcome.Front.Select(Name)));
    }

    [TestMethod]
    public void Of_NothingFits_SaysWhatTheNearestMiss()
    {
        Measured[] measured =
        [
            One("far", 220, 0.9, 0.03, excess: 0.9), One("near", 90, 0.9, 0.03, excess: 0.2), One("large", 105, 0.9, 0.01, excess: -1),
            One("both", 101, 0.8, 0.02, excess: 0.1),
        ];

        SearchOutcome outcome = SearchOutcome.Of(measured, new SearchLimits(100, 1), QuantizationObjective.Size);

        Assert.IsNull(outcome.Chosen);
        Assert.AreEqual("large near both", string.Join(' ', outcome.Nearest.Select(miss => Name(miss.Candidate))));
        Assert.AreEqual(5, outcome.Nearest[0].Bytes);
        Assert.AreEqual(0, outcome.Nearest[0].Excess);
        Assert.AreEqual(0.2, outcome.Nearest[1].Excess);
        Assert.AreEqual(0, outcome.Nearest[1].Bytes);
    }

    [TestMethod]
    public void Of_CostAboveItsLimit_IsAMiss()
    {
        SearchOutcome outcome = SearchOutcome.Of([One("slow", 1, 0.9, 0)], new SearchLimits(null, 0.5), QuantizationObjective.Size);

        Assert.AreEqual(0.4, outcome.Nearest.Single().Cost, 1e-12);
    }

    [TestMethod]
    public void Of_EqualCandidates_DoesNotDependOnTheirOrder()
    {
        Measured[] measured = [One("a", 10, 1, 0.1), One("b", 10, 1, 0.1)];

        Assert.AreEqual("a", Name(SearchOutcome.Of(measured, SearchProblems.NoLimits, QuantizationObjective.Size).Chosen!));
        Assert.AreEqual("a", Name(SearchOutcome.Of([.. measured.Reverse()], SearchProblems.NoLimits, QuantizationObjective.Size).Chosen!));
    }

    [TestMethod]
    public void Front_BeatenAndRepeatedCandidates_AreNotOnIt()
    {
        Measured[] measured =
        [
            One("a", 10, 1, 0.1), One("beaten", 11, 1, 0.1), One("again", 10, 1, 0.1), One("b", 9, 2, 0.1), One("c", 20, 1, 0.05),
        ];

        Assert.AreEqual("b a c", string.Join(' ', ParetoFront.Of(measured).Select(Name)));
    }

    [TestMethod]
    public void Front_EveryCandidateHasADrop_DropDecides()
    {
        Measured[] measured = [One("a", 10, 1, 0.1) with { Drop = 0.5 }, One("b", 10, 1, 0.2) with { Drop = 0.4 }];

        Assert.AreEqual("b", string.Join(' ', ParetoFront.Of(measured).Select(Name)));
        Assert.AreEqual("a", string.Join(' ', ParetoFront.Of([measured[0], measured[1] with { Drop = null }]).Select(Name)));
    }

    [TestMethod]
    public void PredictedFront_Model_FallsFromAccurateToSmall()
    {
        SearchProblem problem = SearchProblems.Model(4, 20, 6);
        IReadOnlyList<Proposal> front = PredictedFront.Of(problem, 15);

        Assert.IsTrue(front.Count > 8, $"{front.Count}");
        for (int i = 1; i < front.Count; i++)
        {
            Assert.IsTrue(front[i].Noise > front[i - 1].Noise);
            Assert.IsTrue(front[i].Bytes < front[i - 1].Bytes || front[i].Cost < front[i - 1].Cost);
        }

        Assert.AreEqual(problem.OtherBytes + problem.Layers.Sum(layer => layer.Options.Min(option => option.Bytes)), front[^1].Bytes);
    }

    private static Measured One(string name, long bytes, double cost, double noise, double excess = -1)
    {
        var forms = new Dictionary<string, LayerForm> { [name] = LayerForm.Float32 };
        return new Measured(new Proposal(new LayerAssignment(forms), noise, bytes, cost), bytes, cost, noise, null, excess);
    }

    private static string Name(Measured one) => one.Proposal.Assignment.Forms.Keys.Single();
}
