using QuantBuild.Testing.RandomGraphs;

namespace QuantBuild.OnnxRuntime.Tests.RandomGraphs;

[TestClass]
public sealed class RandomGraphTests
{
    private const int Seeds = 200;
    private const int Parts = 10;

    public static IEnumerable<object[]> PartNumbers => Enumerable.Range(0, Parts).Select(part => new object[] { part });

    [TestMethod]
    [DynamicData(nameof(PartNumbers))]
    public void Quantize_RandomGraphs_NothingIsWrong(int part)
    {
        var problems = new List<string>();
        for (int seed = part; seed < Seeds; seed += Parts)
        {
            RandomModel model = RandomModel.Of(seed);
            using var check = new RandomGraphCheck(model);
            if (check.FindProblem() is { } problem)
                problems.Add($"seed {seed}: {problem} ({model.Description})");
        }
        Assert.IsEmpty(problems, string.Join('\n', problems));
    }
}
