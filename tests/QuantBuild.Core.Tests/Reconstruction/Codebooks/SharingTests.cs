using QuantBuild.Reconstruction.Codebooks;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Codebooks;

[TestClass]
public sealed class SharingTests
{
    [TestMethod]
    public void Share_LayersOfOneDistribution_HaveOneCodebookAndOthersTheirOwn()
    {
        WeightedPoints[] layers =
        [
            Points(CodebookCases.Gaussian("a", 4000)), Points(SeededValues.Floats("b", -2, 2, 4000)), Points(CodebookCases.Gaussian("c", 3000)),
            Points(SeededValues.Floats("d", -2, 2, 3000)), Points(CodebookCases.Gaussian("e", 5000)),
        ];

        IReadOnlyList<SharedCodebook> shared = CodebookSharing.Share(layers, 16, keepZero: true, wholeNumbers: false, mostGrowth: 0.05, leastBytes: 0);

        Assert.AreEqual("0 2 4; 1 3", string.Join("; ", shared.Select(group => string.Join(' ', group.Layers))));
        double alone = layers.Sum(layer => layer.ErrorOf(KMeansCodebook.Fit(layer, 16, true, false)));
        double together = shared.Sum(group => group.Layers.Sum(layer => layers[layer].ErrorOf(group.Levels)));
        Assert.IsTrue(together <= 1.05 * alone, $"{together / alone}");
        Assert.AreEqual(together, shared.Sum(group => group.Error), 1e-3 * together);
    }

    [TestMethod]
    public void Share_NothingAllowedOrNothingSaved_LeavesEveryLayerItsOwn()
    {
        WeightedPoints[] layers = [Points(CodebookCases.Gaussian("a", 900)), Points(CodebookCases.Laplace("b", 900)), Points(CodebookCases.Gaussian("c", 900))];

        Assert.HasCount(3, CodebookSharing.Share(layers, 8, true, false, mostGrowth: 0, leastBytes: 0));
        Assert.HasCount(3, CodebookSharing.Share(layers, 8, true, false, mostGrowth: 10, leastBytes: 65));
        Assert.HasCount(1, CodebookSharing.Share(layers, 8, true, false, mostGrowth: 10, leastBytes: 64));
        Assert.HasCount(0, CodebookSharing.Share([], 8, true, false, 1, 0));
    }

    [TestMethod]
    public void Join_ManyPoints_AreCloseToAllOfThemTogether()
    {
        float[] left = CodebookCases.Gaussian("left", 14_000);
        float[] right = CodebookCases.Laplace("right", 14_000);

        WeightedPoints joined = WeightedPoints.Join(Points(left), Points(right));

        Assert.IsTrue(joined.Values.Length <= WeightedPoints.MostPoints + 2);
        WeightedPoints all = WeightedPoints.Exact([.. left, .. right], []);
        float[] levels = KMeansCodebook.Fit(all, 16, true, false);
        Assert.AreEqual(all.ErrorOf(levels), joined.ErrorOf(levels), 1e-3 * all.ErrorOf(levels));
        Assert.AreEqual(all.Weights.Sum(), joined.Weights.Sum(), 1e-6);
    }

    [TestMethod]
    public void Find_EqualScaledAndNearlyEqualTensors_AreGrouped()
    {
        float[] first = CodebookCases.Gaussian("first", 1000);
        float[] noise = CodebookCases.Gaussian("noise", 1000);
        float[][] tensors =
        [
            first, [.. first], [.. first.Select(value => value * -0.5f)], noise, [.. first.Zip(noise, (value, error) => value + (0.01f * error))],
            first[..999], new float[1000], [.. noise.Select(value => value * 4)],
        ];

        IReadOnlyList<SimilarGroup> exact = SimilarTensors.Find(tensors, 0);
        IReadOnlyList<SimilarGroup> near = SimilarTensors.Find(tensors, 0.001);

        Assert.AreEqual("0: 1×1 2×-0.5; 3: 7×4", Text(exact));
        Assert.AreEqual("0: 1×1 2×-0.5 4×1.00; 3: 7×4", Text(near, 4));
    }

    /// <param name="rounded">Index of the tensor whose factor is shown with two digits.</param>
    private static string Text(IReadOnlyList<SimilarGroup> groups, int rounded = -1) => string.Join("; ", groups.Select(group =>
        $"{group.First}: " + string.Join(' ', group.Others.Select(other => other.Index == rounded
            ? FormattableString.Invariant($"{other.Index}×{other.Factor:F2}")
            : FormattableString.Invariant($"{other.Index}×{other.Factor}")))));

    private static WeightedPoints Points(float[] values) => WeightedPoints.Of(values, []);
}
