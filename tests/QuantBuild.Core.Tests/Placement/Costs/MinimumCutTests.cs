using QuantBuild.Placement.Costs;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class MinimumCutTests
{
    [TestMethod]
    public void Solve_RandomGraphs_EqualsExhaustiveSearch()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int inner = random.Next(1, 7);
            var cut = new MinimumCut();
            for (int i = 0; i < inner; i++)
                cut.AddVertex();
            var edges = new List<(int From, int To, long Cost)>();
            for (int i = 0; i < random.Next(1, 20); i++)
            {
                (int From, int To, long Cost) edge = (random.Next(inner + 2), random.Next(inner + 2), random.Next(0, 30));
                edges.Add(edge);
                cut.AddEdge(edge.From, edge.To, edge.Cost);
            }

            bool[] sides = cut.Solve();

            long smallest = Enumerable.Range(0, 1 << inner).Min(set => Cost(edges, vertex => vertex == cut.Source || (vertex > 1 && ((set >> (vertex - 2)) & 1) == 1)));
            Assert.AreEqual(smallest, cut.Cost, $"seed {seed}");
            Assert.AreEqual(smallest, Cost(edges, vertex => sides[vertex]), $"seed {seed}");
            Assert.IsTrue(sides[cut.Source] && !sides[cut.Sink]);
        }
    }

    [TestMethod]
    public void Solve_EdgeThatMustNotBeCut_KeepsItsEndsTogether()
    {
        var cut = new MinimumCut();
        int first = cut.AddVertex();
        int second = cut.AddVertex();
        cut.AddEdge(cut.Source, first, 5);
        cut.AddEdge(first, second, MinimumCut.Never);
        cut.AddEdge(second, cut.Sink, 3);

        bool[] sides = cut.Solve();

        Assert.AreEqual(3, cut.Cost);
        Assert.IsTrue(sides[first] && sides[second]);
    }

    [TestMethod]
    public void Solve_LongChain_DoesNotRecurse()
    {
        var cut = new MinimumCut();
        int last = cut.Source;
        for (int i = 0; i < 100_000; i++)
        {
            int next = cut.AddVertex();
            cut.AddEdge(last, next, 7);
            last = next;
        }
        cut.AddEdge(last, cut.Sink, 4);

        _ = cut.Solve();

        Assert.AreEqual(4, cut.Cost);
    }

    private static long Cost(List<(int From, int To, long Cost)> edges, Func<int, bool> isOnSourceSide) =>
        edges.Where(edge => isOnSourceSide(edge.From) && !isOnSourceSide(edge.To)).Sum(edge => edge.Cost);
}
