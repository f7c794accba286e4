using QuantBuild.Differentiation;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Reads values for the samples that blocks are learned from: always the same samples, in the same order.</summary>
/// <param name="values">Names in the prepared model.</param>
/// <param name="state">What the model has in place of its weights; null: the float model.</param>
/// <returns>In the order of the names; null for a value that is not a float tensor with one row per sample.</returns>
internal delegate IReadOnlyList<ValueRows?> RowsReader(IReadOnlyList<string> values, LearnedState? state);

/// <param name="Weights">All weights in few bits.</param>
/// <param name="Constants">Biases and factors that were learned, by initializer of the main graph.</param>
/// <param name="ActivationScales">Scales that were learned, by value.</param>
internal sealed record LearnedState(
    IReadOnlyDictionary<ConstantKey, LowBitWeight> Weights,
    IReadOnlyDictionary<string, float[]> Constants,
    IReadOnlyDictionary<string, float> ActivationScales);

/// <param name="State">Of the whole model, with what was not learned as it was given.</param>
/// <param name="Skipped">What was not learned, and why.</param>
internal sealed record SequenceResult(LearnedState State, IReadOnlyList<BlockOutcome> Blocks, IReadOnlyList<SkippedPart> Skipped);

/// <param name="Output">Value that the block gives.</param>
/// <param name="ErrorBefore">Power of its error over its power.</param>
internal sealed record BlockOutcome(string Output, IReadOnlyList<string> Weights, double ErrorBefore, double ErrorAfter);

/// <summary>Learns the blocks of a model one after the other. Each reads what the blocks before it, as they have become, make of the samples.</summary>
internal sealed class BlockSequence(OnnxGraph graph, BlockSettings settings)
{
    /// <summary>Values that are read rounded; null: none.</summary>
    public IReadOnlyDictionary<string, ActivationGrid>? Activations { get; init; }

    public SequenceResult Learn(BlockPlan plan, LearnedState start, RowsReader rows, CancellationToken cancellation = default)
    {
        LearnedState state = start;
        var outcomes = new List<BlockOutcome>();
        List<SkippedPart> skipped = [.. plan.Skipped];
        foreach (Block block in plan.Blocks)
        {
            try
            {
                if (Read(block, rows, state) is not { } read)
                {
                    skipped.Add(new SkippedPart(block.Output, $"What comes into or out of the block that ends with '{block.Output}' does not have one row per sample."));
                    continue;
                }
                BlockResult result = MakeReconstructor(block, state).Learn(read, cancellation);
                state = With(state, result);
                outcomes.Add(new BlockOutcome(block.Output, block.Weights, result.ErrorBefore, result.ErrorAfter));
            }
            catch (NotDifferentiableException exception)
            {
                skipped.Add(new SkippedPart(block.Output, $"{exception.Message}."));
            }
        }
        return new SequenceResult(state, outcomes, skipped);
    }

    private static BlockRows? Read(Block block, RowsReader rows, LearnedState state)
    {
        IReadOnlyList<ValueRows?> real = rows([.. block.Inputs, block.Output], null);
        ValueRows? input = block.Input is null ? null : rows([block.Input], state)[0];
        if (real.Contains(null) || (block.Input is not null && input is null))
            return null;
        // What no weight has touched is the same in both models.
        return new BlockRows([.. real.SkipLast(1)!], [.. real.SkipLast(1).Select((value, i) => i == 0 && input is not null ? input : value!)], real[^1]!);
    }

    private BlockReconstructor MakeReconstructor(Block block, LearnedState state)
    {
        var weights = state.Weights.Where(weight => weight.Key.Graph == graph)
            .ToDictionary(weight => weight.Key.Name, weight => weight.Value, StringComparer.Ordinal);
        var grids = Activations?.ToDictionary(
            grid => grid.Key,
            grid => state.ActivationScales.TryGetValue(grid.Key, out float scale) ? grid.Value with { Scale = scale } : grid.Value,
            StringComparer.Ordinal);
        return new BlockReconstructor(block, graph, weights, state.Constants, settings, grids);
    }

    private LearnedState With(LearnedState state, BlockResult result)
    {
        Dictionary<ConstantKey, LowBitWeight> weights = state.Weights.ToDictionary();
        foreach ((string name, LowBitWeight weight) in result.Weights)
            weights[new ConstantKey(graph, name)] = weight;
        return new LearnedState(weights, Merge(state.Constants, result.Constants), Merge(state.ActivationScales, result.ActivationScales));
    }

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> changed)
    {
        Dictionary<string, T> merged = before.ToDictionary(StringComparer.Ordinal);
        foreach ((string name, T value) in changed)
            merged[name] = value;
        return merged;
    }
}
