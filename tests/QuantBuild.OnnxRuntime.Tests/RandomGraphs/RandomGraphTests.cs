using QuantBuild.Testing.RandomGraphs;

namespace QuantBuild.OnnxRuntime.Tests.RandomGraphs;

[TestClass]
public sealed class RandomGraphTests
{
    private const int Seeds = 200;
    private const int Parts = 10;
    private const int SeedsOfSetting = 12;

    public static IEnumerable<object[]> PartNumbers => Enumerable.Range(0, Parts).Select(part => new object[] { part });

    [TestMethod]
    [DynamicData(nameof(PartNumbers))]
    public void Quantize_RandomGraphs_NothingIsWrong(int part) =>
        AssertNothingIsWrong(Enumerable.Range(0, Seeds / Parts).Select(index => (index * Parts) + part));

    [TestMethod]
    [DataRow("Objective", "Latency")]
    [DataRow("Scheme", "Dynamic")]
    [DataRow("Scheme", "Float16")]
    [DataRow("Scheme", "WeightOnly")]
    [DataRow("Storage", "Float16")]
    [DataRow("Storage", "Float32")]
    public void Quantize_RandomGraphsWithSetting_NothingIsWrong(string setting, string value) =>
        AssertNothingIsWrong(Enumerable.Range(0, SeedsOfSetting).Select(index => Seeds + index), (setting, value));

    private static void AssertNothingIsWrong(IEnumerable<int> seeds, params (string Name, string Value)[] settings)
    {
        var problems = new List<string>();
        foreach (int seed in seeds)
        {
            RandomModel model = RandomModel.Of(seed);
            using var check = new RandomGraphCheck(model, settings);
            if (check.FindProblem() is { } problem)
                problems.Add($"seed {seed}: {problem} ({model.Description})");
        }
        Assert.IsEmpty(problems, string.Join('\n', problems));
    }
}
