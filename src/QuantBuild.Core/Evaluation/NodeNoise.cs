using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Rewriting;

namespace QuantBuild.Evaluation;

/// <param name="Node">Name for people.</param>
/// <param name="SqnrDecibels">Of the value that leaves the node: float model against the file that ships, errors of the nodes before it included.</param>
internal sealed record NodeNoise(string Node, string OpType, double SqnrDecibels);

/// <summary>Measures how far every quantized node is from its float value.</summary>
internal sealed class NodeNoiseProbe(IInferenceEngine engine)
{
    /// <summary>Enough to rank nodes; their ratios differ by decibels.</summary>
    private const int SampleCount = 16;

    /// <summary>Values compared in one pass over the samples.</summary>
    private const int ValuesPerPass = 32;

    /// <returns>The planned nodes, worst first; at the end those that are always zero, which have no ratio.</returns>
    public IReadOnlyList<NodeNoise> Measure(OnnxModel prepared, QuantizedModel quantized, PlacementPlan plan, ModelSamples? samples, DiagnosticOrigin origin)
    {
        if (samples is null)
            return [];
        SampleStream few = samples.Validation.Take(SampleCount);
        var sums = new SquaredSums[plan.Nodes.Count];
        OnnxModel shipped = OnnxModelReader.ParseAnyOpset(quantized.Image, origin);
        foreach (int[] indices in Enumerable.Range(0, plan.Nodes.Count).Where(i => !plan.Nodes[i].GivesIndices).Chunk(ValuesPerPass))
        {
            var floatExposer = new ValueExposer(prepared.Clone());
            var quantizedExposer = new ValueExposer(shipped.Clone());
            string[] floatValues = [.. indices.Select(index => floatExposer.Expose(plan.Nodes[index].Output).Output)];
            string[] quantizedValues = [.. indices.Select(index => quantizedExposer.Expose(quantized.ValueNames[plan.Nodes[index].Output]).Output)];
            using IInferenceSession floatSession = engine.Open(floatExposer.ToImage());
            using IInferenceSession quantizedSession = engine.Open(quantizedExposer.ToImage());
            var reference = new BatchOutputs(indices.Length);
            foreach (SampleBatch batch in few.Read())
            {
                floatSession.Run(batch.Inputs, floatValues, reference.Keep);
                quantizedSession.Run(batch.Inputs, quantizedValues, (i, output) =>
                    sums[indices[i]] += SampleMetrics.SquaredError(reference.All(i), output.Floats));
            }
        }
        return
        [
            .. plan.Nodes.Select((node, i) => new NodeNoise(node.Node.DisplayName, node.Node.OpType, sums[i].SqnrDecibels))
                .OrderBy(noise => double.IsNaN(noise.SqnrDecibels) ? double.PositiveInfinity : noise.SqnrDecibels),
        ];
    }
}
