using QuantBuild.Reporting;

namespace QuantBuild.Core.Tests.Reporting;

[TestClass]
public sealed class NearMissTextTests
{
    [TestMethod]
    public void Of_NothingFits_NamesTheNearestAndWhatEachNeeds() => Assert.AreEqual(
        "The search measured 5 forms of the model, and none keeps all limits. Nearest: candidate 2 (700 bytes) needs 0.40 points less drop; "
        + "candidate 1 (900 bytes) needs 100 bytes less; candidate 3 (650 bytes) needs 2.00 points less drop. "
        + "All that is worth trying was tried within TimeBudget: allow one of these, or give more calibration data.",
        NearMissText.Of(Search(
            planned: 12,
            Candidate("8 bits", 1000, 0, "200 bytes less") with { OnFront = false },
            Candidate("candidate 1", 900, 0.001, "100 bytes less"),
            Candidate("candidate 2", 700, 0.014, "0.40 points less drop") with { Chosen = true },
            Candidate("candidate 3", 650, 0.03, "2.00 points less drop"),
            Candidate("candidate 4", 850, 0.02, "1.00 points less drop, 50 bytes less"))));

    [TestMethod]
    public void Of_BudgetIsSpent_AdvisesALongerOne() => Assert.Contains(
        "give the search more time (TimeBudget)", NearMissText.Of(Search(planned: 1, Candidate("8 bits", 1000, 0.02, "1.00 points less drop")))!);

    [TestMethod]
    public void Of_OneFits_IsNothing() => Assert.IsNull(NearMissText.Of(Search(
        planned: 2, Candidate("8 bits", 1000, 0, "200 bytes less"), Candidate("candidate 1", 700, 0.001, null))));

    private static SearchReport Search(int planned, params CandidateReport[] candidates) =>
        new("X64Vnni", "Exact", planned, candidates.Length, StoppedByClock: false, 10, candidates, []);

    private static CandidateReport Candidate(string name, long bytes, double drop, string? misses) => new(
        name, bytes, 1, null, 30, drop, null, misses is null, OnFront: true, Chosen: false, new Dictionary<string, int>(), misses);
}
