using QuantBuild.Differentiation;
using QuantBuild.Onnx;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Float constants of a block that are learned together with its weights: what is added to or multiplies the channels of a value.</summary>
internal static class FreeConstants
{
    /// <param name="weights">Initializers in few bits.</param>
    /// <param name="run">After a run of the float model, whose values say how large a step is.</param>
    public static IReadOnlyList<LearnedConstant> Of(
        Block block, OnnxGraph graph, IReadOnlySet<string> weights, IReadOnlyDictionary<string, DenseTensor> constants, ProgramRun run, float rate)
    {
        var learned = new List<LearnedConstant>();
        foreach (OnnxNode node in block.Nodes)
            for (int i = 0; i < node.Inputs.Count; i++)
                if (RoleOf(node, i) is { } isFactor && constants.TryGetValue(node.Inputs[i], out DenseTensor? constant) && IsFree(node.Inputs[i], graph, weights, constant))
                    learned.Add(new LearnedConstant(node.Inputs[i], constant, rate, SizeOf(isFactor ? constant : run.ValueOf(node.Outputs[0]))));
        return learned;
    }

    /// <returns>Whether the input multiplies or is added; null when it does something else.</returns>
    private static bool? RoleOf(OnnxNode node, int input) => (node.OpType, input) switch
    {
        ("Conv" or "Gemm" or "LayerNormalization", 2) or ("Add", _) => false,
        ("Mul", _) or ("LayerNormalization", 1) => true,
        _ => null,
    };

    private static bool IsFree(string name, OnnxGraph graph, IReadOnlySet<string> weights, DenseTensor constant) =>
        !weights.Contains(name) && !graph.IsOutput(name) && constant.Shape.Count(dimension => dimension > 1) == 1 && graph.ReadersOf(name).Count() == 1;

    private static float SizeOf(DenseTensor tensor)
    {
        double sum = 0;
        foreach (float value in tensor.Values)
            sum += (double)value * value;
        return sum > 0 ? (float)Math.Sqrt(sum / tensor.Length) : 1;
    }
}
