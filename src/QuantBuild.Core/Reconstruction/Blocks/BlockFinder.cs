using QuantBuild.Differentiation;
using QuantBuild.Onnx;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Cuts a graph into blocks: residual blocks, layers of an encoder, or some convolutions in a row.</summary>
/// <remarks>
/// Between any two nodes lies the set of values that those before give to those behind. Where it is a single value, the graph can be cut. Of these
/// places those are taken that leave no block with too many weights and cut the least data in two: behind an addition rather than within its branch.
/// </remarks>
internal static class BlockFinder
{
    /// <param name="graph">Main graph of the prepared model.</param>
    /// <param name="weights">Initializers in few bits.</param>
    /// <param name="mostWeights">Of one block; a part that cannot be cut may have more.</param>
    /// <param name="sizeOf">Elements of a value per sample; null: all are alike.</param>
    public static BlockPlan Find(OnnxGraph graph, IReadOnlySet<string> weights, int mostWeights, Func<string, long>? sizeOf = null)
    {
        List<Part> parts = Cut(graph, weights);
        // Behind the last weight, its bias is learned with it; errors of what follows, probabilities mostly, say less than those of what goes in.
        int last = parts.FindLastIndex(part => part.Weights > 0);
        while (last + 1 < parts.Count && parts[last + 1].Nodes.All(node => node.Is("Add")))
            last++;
        parts.RemoveRange(last + 1, parts.Count - last - 1);

        var blocks = new List<Block>();
        var skipped = new List<SkippedPart>();
        var row = new List<Part>();
        foreach (Part part in parts)
        {
            string? reason = part.Reason ?? ReasonAgainst(part, graph);
            if (reason is null)
            {
                row.Add(part);
                continue;
            }
            blocks.AddRange(Join(row, graph, weights, mostWeights, sizeOf));
            row.Clear();
            if (part.Weights > 0)
                skipped.Add(new SkippedPart(part.Output, reason));
        }
        blocks.AddRange(Join(row, graph, weights, mostWeights, sizeOf));
        return new BlockPlan([.. blocks.Where(block => block.Weights.Count > 0)], skipped);
    }

    /// <summary>The smallest parts between two cuts.</summary>
    private static List<Part> Cut(OnnxGraph graph, IReadOnlySet<string> weights)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        var nodes = new List<OnnxNode>();
        foreach (OnnxNode node in TopologicalOrder.Of(graph) ?? [])
            if (ReadNames(node).Any(name => weights.Contains(name) || touched.Contains(name)))
            {
                nodes.Add(node);
                touched.UnionWith(node.Outputs.Where(output => output.Length > 0));
            }

        var lastReader = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string name in ReadNames(nodes[i]).Where(touched.Contains))
                lastReader[name] = i;
        foreach (string output in graph.OutputNames.Where(touched.Contains))
            lastReader[output] = nodes.Count;

        var parts = new List<Part>();
        var open = new SortedSet<string>(StringComparer.Ordinal);
        string? input = null;
        for (int i = 0, first = 0; i < nodes.Count; i++)
        {
            open.UnionWith(nodes[i].Outputs.Where(lastReader.ContainsKey));
            open.RemoveWhere(name => lastReader[name] <= i);
            bool isLast = i == nodes.Count - 1;
            if (open.Count != 1 && !isLast)
                continue;
            OnnxNode[] own = [.. nodes.Skip(first).Take(i + 1 - first)];
            string output = open.Min ?? nodes[i].Outputs[0];
            parts.Add(new Part(
                own,
                input,
                SideInputsOf(own, graph, touched),
                output,
                own.SelectMany(node => node.Inputs).Distinct(StringComparer.Ordinal).Count(weights.Contains),
                open.Count == 1 ? null : $"Behind '{output}' the model ends in {open.Count} values; a block has one."));
            (input, first) = (output, i + 1);
        }
        return parts;
    }

    private static string[] SideInputsOf(IEnumerable<OnnxNode> nodes, OnnxGraph graph, HashSet<string> touched) =>
    [
        .. nodes.SelectMany(ReadNames).Where(name => name.Length > 0 && !touched.Contains(name) && !graph.IsConstant(name))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static string? ReasonAgainst(Part part, OnnxGraph graph)
    {
        try
        {
            NodeProgram.Of(part.Nodes, graph, part.Input is null ? part.SideInputs : [part.Input, .. part.SideInputs], part.Output);
            return null;
        }
        catch (NotDifferentiableException exception)
        {
            return $"{exception.Message}.";
        }
    }

    /// <summary>Joins neighbours such that the data at the cuts between blocks is least.</summary>
    private static IEnumerable<Block> Join(
        List<Part> row, OnnxGraph graph, IReadOnlySet<string> weights, int mostWeights, Func<string, long>? sizeOf)
    {
        // By number of parts: the least data cut by blocks of these, and where the last of the blocks starts.
        var least = new double[row.Count + 1];
        var start = new int[row.Count + 1];
        for (int end = 1; end <= row.Count; end++)
        {
            least[end] = double.PositiveInfinity;
            int count = 0;
            for (int first = end - 1; first >= 0; first--)
            {
                count += row[first].Weights;
                if (count > mostWeights && first < end - 1)
                    break;
                double cost = least[first] + (first == 0 ? 0 : sizeOf?.Invoke(row[first - 1].Output) ?? 1);
                if (cost < least[end])
                    (least[end], start[end]) = (cost, first);
            }
        }
        var blocks = new Stack<Block>();
        for (int end = row.Count; end > 0; end = start[end])
            blocks.Push(ToBlock(row.GetRange(start[end], end - start[end]), graph, weights));
        return blocks;
    }

    private static Block ToBlock(List<Part> parts, OnnxGraph graph, IReadOnlySet<string> weights)
    {
        OnnxNode[] nodes = [.. parts.SelectMany(part => part.Nodes)];
        var own = nodes.ToHashSet();
        return new Block(
            nodes,
            parts[0].Input,
            [.. parts.SelectMany(part => part.SideInputs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            parts[^1].Output,
            [
                .. nodes.SelectMany(node => node.Inputs).Distinct(StringComparer.Ordinal)
                    .Where(name => weights.Contains(name) && graph.ReadersOf(name).All(reader => own.Contains(reader.Node))),
            ]);
    }

    private static IEnumerable<string> ReadNames(OnnxNode node) =>
        node.Inputs.Where(name => name.Length > 0).Concat(node.Subgraphs.SelectMany(body => body.CapturedNames()));

    /// <param name="Weights">How many of those in few bits it reads.</param>
    /// <param name="Reason">Why it cannot be a block; null: it has one output.</param>
    private sealed record Part(
        IReadOnlyList<OnnxNode> Nodes, string? Input, IReadOnlyList<string> SideInputs, string Output, int Weights, string? Reason);
}
