using QuantBuild.Search;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class NoiseToDropTests
{
    private static readonly double[] Levels = [1e-4, 5e-4, 2e-3, 1e-2];

    [TestMethod]
    public void Fit_DropsThatFollowTheAmplitude_FindsTheirFactorAndTheBias()
    {
        NoiseToDrop model = NoiseToDrop.Fit([.. Levels.Select(noise => One(noise, 2 * noise, 9 * Math.Sqrt(2 * noise)))]);

        Assert.IsFalse(model.IsLinear);
        Assert.AreEqual(9, model.Factor, 9 * 0.05);
        Assert.AreEqual(2, model.Bias, 0.1);
        Assert.AreEqual(1, model.Limit!.Value, 1e-9);
        Assert.AreEqual(1 / (81.0 * 2), model.Invert(1), 0.1 / (81 * 2));
    }

    [TestMethod]
    public void Fit_DropsThatFollowThePower_IsLinear()
    {
        NoiseToDrop model = NoiseToDrop.Fit([.. Levels.Select(noise => One(noise, noise, 150 * noise))]);

        Assert.IsTrue(model.IsLinear);
        Assert.AreEqual(150, model.Factor, 8);
    }

    [TestMethod]
    public void Fit_OneMeasurement_FollowsTheAmplitude()
    {
        NoiseToDrop model = NoiseToDrop.Fit([One(1e-3, 1e-3, 0.3)]);

        Assert.IsFalse(model.IsLinear);
        Assert.IsTrue(model.Predict(1e-3) is > 0.3 and < 0.5, $"{model.Predict(1e-3)}");
    }

    [TestMethod]
    public void Fit_DropsBelowZero_PredictsNoneBelowZeroAndRises()
    {
        NoiseToDrop model = NoiseToDrop.Fit([One(1e-4, 1e-4, -0.2), One(1e-3, 1e-3, -0.1)]);

        Assert.IsTrue(model.Predict(1e-3) > 0);
        Assert.IsTrue(model.Predict(1e-2) > model.Predict(1e-3));
        Assert.AreEqual(0, model.Predict(0));
    }

    [TestMethod]
    public void Invert_AnyDrop_IsWherePredictionsReachIt()
    {
        foreach (double power in (double[])[0.5, 1])
        {
            NoiseToDrop model = NoiseToDrop.Fit([.. Levels.Select(noise => One(noise, 1.5 * noise, 50 * Math.Pow(noise, power)))]);
            foreach (double drop in (double[])[0.01, 0.3, 4])
                Assert.AreEqual(drop, model.Predict(model.Invert(drop)), drop * 1e-9);
            Assert.AreEqual(0, model.Invert(0));
        }
    }

    [TestMethod]
    public void Fit_NothingThatCanBeCompared_SaysNothing()
    {
        NoiseToDrop model = NoiseToDrop.Fit([new Measured(One(1e-3, 1, 1).Proposal, 1, 1, double.NaN, null, double.NaN)]);

        Assert.IsNull(model.Limit);
        Assert.AreEqual(1, model.Bias);
        Assert.AreEqual(double.PositiveInfinity, model.Invert(1));
    }

    [TestMethod]
    public void Corrected_CandidatesThatDifferInOneLayer_LearnsItsNoise()
    {
        ChoiceSpace space = new(SearchProblems.Of(
            SearchProblems.Layer("a", (8, 0.001, 8, 1), (4, 0.01, 4, 1)), SearchProblems.Layer("b", (8, 0.001, 8, 1), (4, 0.01, 4, 1))));

        ChoiceSpace corrected = LayerNoise.Corrected(space, [([0, 0], 0.002), ([1, 0], 0.021), ([0, 1], 0.006)], 1);

        Assert.IsTrue(corrected.Rows[0][1].Noise > 0.014, $"{corrected.Rows[0][1].Noise}");
        Assert.IsTrue(corrected.Rows[1][1].Noise < 0.008, $"{corrected.Rows[1][1].Noise}");
        Assert.AreEqual(0.021, corrected.NoiseOf([1, 0]), 0.003);
    }

    [TestMethod]
    public void Corrected_NothingMeasured_IsWhatWasExpectedTimesTheBias()
    {
        ChoiceSpace space = new(SearchProblems.Model(1, 4, 4));

        Assert.AreEqual(space.NoiseOf([1, 1, 1, 1]) * 1.5, LayerNoise.Corrected(space, [], 1.5).NoiseOf([1, 1, 1, 1]), 1e-15);
    }

    private static Measured One(double predicted, double measured, double drop) => new(
        new Proposal(new LayerAssignment(new Dictionary<string, LayerForm>()), predicted, 1, 1), 1, 1, measured, drop, drop - 1);
}
