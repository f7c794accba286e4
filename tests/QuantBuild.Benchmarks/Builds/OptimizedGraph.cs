using Microsoft.ML.OnnxRuntime;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>What ONNX Runtime makes of a file before it runs it.</summary>
/// <param name="IntegerNodes">Nodes that calculate in integers.</param>
/// <param name="LeftoverConversions">QuantizeLinear and DequantizeLinear nodes, those at the model's inputs and outputs included.</param>
/// <param name="IntegerShare">Of the multiply-adds of convolutions and matrix products; null when the graph holds an operator whose
/// multiply-adds are not known here.</param>
internal sealed record OptimizedGraph(int IntegerNodes, int LeftoverConversions, double? IntegerShare)
{
    /// <summary>The level at which everything is fused and nothing is laid out for one processor yet.</summary>
    private const GraphOptimizationLevel FusedLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;

    public static OptimizedGraph Of(string modelPath, SampleSet samples)
    {
        using var folder = new TemporaryFolder();
        string optimizedPath = folder.File("optimized.onnx");
        using (var options = new SessionOptions
        {
            GraphOptimizationLevel = FusedLevel,
            OptimizedModelFilePath = optimizedPath,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        })
        using (new InferenceSession(modelPath, options))
        {
        }
        OnnxModel model = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(optimizedPath), new DiagnosticOrigin(modelPath));
        return new OptimizedGraph(
            model.Graph.Nodes.Count(node => KernelCost.IsInteger(node.OpType)),
            model.Graph.Nodes.Count(node => node.OpType is "QuantizeLinear" or "DequantizeLinear"),
            Share(model, samples));
    }

    private static double? Share(OnnxModel model, SampleSet samples)
    {
        if (model.Graph.Nodes.Any(node => KernelCost.IsUnknown(node.OpType)))
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
        return (double)integer / total;
    }

    /// <summary>Of every value, as one sample makes it.</summary>
    private static Dictionary<string, IReadOnlyList<long>> Shapes(OnnxModel model, SampleSet samples)
    {
        string[] values = [.. model.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Length > 0)];
        OnnxModel exposed = model.Clone();
        var editor = new GraphEditor(exposed.Graph);
        foreach (string value in values)
            editor.AddOutput(value);

        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(exposed.ToBytes(), options);
        using var runOptions = new RunOptions();
        OrtValue[] sample = samples.Batch(0, 1);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(runOptions, samples.InputNames, sample, values);
        var shapes = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
            shapes[values[i]] = results[i].GetTensorTypeAndShape().Shape;
        for (int i = 0; i < sample.Length; i++)
        {
            shapes[samples.InputNames[i]] = sample[i].GetTensorTypeAndShape().Shape;
            sample[i].Dispose();
        }
        return shapes;
    }
}
