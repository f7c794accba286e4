using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>What ONNX Runtime makes of a file before it runs it.</summary>
/// <param name="IntegerNodes">Nodes that calculate in integers.</param>
/// <param name="LeftoverConversions">QuantizeLinear and DequantizeLinear nodes, those at the model's inputs and outputs included.</param>
/// <param name="IntegerShare">Of the multiply-adds of convolutions, matrix products and recurrent layers; null when the graph holds an
/// operator whose multiply-adds are not known here, or has some of them in bodies of control flow, whose shapes nobody sees.</param>
internal sealed record OptimizedGraph(int IntegerNodes, int LeftoverConversions, double? IntegerShare)
{
    /// <summary>The level at which everything is fused and nothing is laid out for one processor yet.</summary>
    private const GraphOptimizationLevel FusedLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;

    public static OptimizedGraph Of(string modelPath, SampleSet samples)
    {
        using var folder = new TemporaryFolder();
        string optimizedPath = folder.File("optimized.onnx");
        using (SessionOptions options = MeasuredSession.Options())
        {
            options.GraphOptimizationLevel = FusedLevel;
            options.OptimizedModelFilePath = optimizedPath;
            using var session = new InferenceSession(modelPath, options);
        }
        OnnxModel model = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(optimizedPath), new DiagnosticOrigin(modelPath));
        OnnxNode[] nodes = [.. AllNodes(model.Graph)];
        return new OptimizedGraph(
            nodes.Count(node => KernelCost.IsInteger(node.OpType)),
            nodes.Count(node => node.OpType is "QuantizeLinear" or "DequantizeLinear"),
            Share(model, samples));
    }

    /// <summary>Nodes of the graph and of the bodies inside it.</summary>
    public static IEnumerable<OnnxNode> AllNodes(OnnxGraph graph) =>
        graph.Nodes.SelectMany(node => node.Subgraphs.SelectMany(AllNodes).Prepend(node));

    private static double? Share(OnnxModel model, SampleSet samples)
    {
        IEnumerable<OnnxNode> inBodies = model.Graph.Nodes.SelectMany(node => node.Subgraphs).SelectMany(AllNodes);
        if (AllNodes(model.Graph).Any(node => KernelCost.IsUnknown(node.OpType)) || inBodies.Any(node => KernelCost.IsCounted(node.OpType)))
            return null;
        Dictionary<string, IReadOnlyList<long>> shapes = Shapes(model, samples);
        long total = 0;
        long integer = 0;
        foreach (OnnxNode node in model.Graph.Nodes)
        {
            long multiplyAdds = KernelCost.MultiplyAdds(node, name => model.Graph.InitializerOf(name)?.Shape ?? shapes[name]);
            total += multiplyAdds;
            integer += KernelCost.IsInteger(node.OpType) ? multiplyAdds : 0;
        }
        return total == 0 ? null : (double)integer / total;
    }

    /// <summary>Of every value, as one sample makes it.</summary>
    private static Dictionary<string, IReadOnlyList<long>> Shapes(OnnxModel model, SampleSet samples)
    {
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0)];
        OnnxModel exposed = model.Clone();
        var editor = new GraphEditor(exposed.Graph);
        foreach (string value in values)
            editor.AddOutput(value);

        using SessionOptions options = MeasuredSession.Options();
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        using var session = new InferenceSession(exposed.ToBytes(), options);
        using var runOptions = new RunOptions();
        using RunInputs sample = samples.Batch(0, 1, session);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, sample.Names, sample.Values, values);
        var shapes = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
            shapes[values[i]] = results[i].GetTensorTypeAndShape().Shape;
        for (int i = 0; i < sample.Names.Length; i++)
            shapes[sample.Names[i]] = sample.Values[i].GetTensorTypeAndShape().Shape;
        return shapes;
    }
}
