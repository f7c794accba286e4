namespace QuantBuild.Placement.Costs;

/// <summary>Divides vertices into two sides so that the capacities of the edges from one to the other are smallest in sum (Dinic's algorithm).</summary>
/// <remarks>Capacities are integers, and vertices are visited in the order of their numbers: the result does not depend on the machine.</remarks>
internal sealed class MinimumCut
{
    /// <summary>Larger than any sum of real costs: such an edge is never cut.</summary>
    public const long Never = long.MaxValue / 1024;

    private readonly List<List<int>> edgesOf = [];
    private readonly List<int> target = [];
    private readonly List<long> capacity = [];

    public MinimumCut()
    {
        Source = AddVertex();
        Sink = AddVertex();
    }

    public int Source { get; }

    public int Sink { get; }

    public int AddVertex()
    {
        edgesOf.Add([]);
        return edgesOf.Count - 1;
    }

    /// <summary>Costs <paramref name="cost"/> when <paramref name="from"/> ends on the source's side and <paramref name="to"/> on the sink's.</summary>
    public void AddEdge(int from, int to, long cost)
    {
        Add(from, to, cost);
        Add(to, from, 0);

        void Add(int start, int end, long value)
        {
            edgesOf[start].Add(target.Count);
            target.Add(end);
            capacity.Add(value);
        }
    }

    /// <summary>Sum of the capacities that are cut; after <see cref="Solve"/>.</summary>
    public long Cost { get; private set; }

    /// <returns>By vertex: true on the source's side. Where several cuts cost the same, it is the one with the fewest vertices there.</returns>
    public bool[] Solve()
    {
        while (Levels() is { } levels && levels[Sink] >= 0)
        {
            int[] next = new int[edgesOf.Count];
            while (Push(levels, next) is > 0 and var flow)
                Cost += flow;
        }
        int[] reached = Levels();
        return [.. reached.Select(level => level >= 0)];
    }

    /// <summary>Distance from the source over edges that have capacity left; −1 where there is no way.</summary>
    private int[] Levels()
    {
        int[] levels = new int[edgesOf.Count];
        Array.Fill(levels, -1);
        levels[Source] = 0;
        var queue = new Queue<int>([Source]);
        while (queue.TryDequeue(out int vertex))
            foreach (int edge in edgesOf[vertex])
                if (capacity[edge] > 0 && levels[target[edge]] < 0)
                {
                    levels[target[edge]] = levels[vertex] + 1;
                    queue.Enqueue(target[edge]);
                }
        return levels;
    }

    /// <summary>One augmenting path, without recursion: graphs are deep.</summary>
    private long Push(int[] levels, int[] next)
    {
        var path = new Stack<int>();
        int vertex = Source;
        while (vertex != Sink)
        {
            List<int> edges = edgesOf[vertex];
            while (next[vertex] < edges.Count
                && (capacity[edges[next[vertex]]] == 0 || levels[target[edges[next[vertex]]]] != levels[vertex] + 1))
                next[vertex]++;
            if (next[vertex] < edges.Count)
            {
                path.Push(edges[next[vertex]]);
                vertex = target[edges[next[vertex]]];
            }
            else if (path.TryPop(out int back))
            {
                vertex = target[back ^ 1];
                next[vertex]++;
            }
            else
            {
                return 0;
            }
        }
        long flow = path.Min(edge => capacity[edge]);
        foreach (int edge in path)
        {
            capacity[edge] -= flow;
            capacity[edge ^ 1] += flow;
        }
        return flow;
    }
}
