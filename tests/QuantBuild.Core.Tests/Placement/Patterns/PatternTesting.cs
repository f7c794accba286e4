using QuantBuild.Onnx;
using QuantBuild.Placement.Patterns;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Patterns;

internal static class PatternTesting
{
    /// <summary>A model of one input and the constants that patterns have; nodes as <c>Operator:inputs:output</c>, separated by commas.</summary>
    public static ModelBuilder Nodes(string nodes)
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n,4,8").Output("y").Weights("w", 8, 8).Weights("gain", 8).Weights("offset", 8)
            .Int64s("last", -1).Initializer("one", OnnxTensor.Scalar(1)).Initializer("half", OnnxTensor.Scalar(0.5f))
            .Initializer("two", OnnxTensor.Scalar(2))
            .Initializer("three", OnnxTensor.Scalar(3)).Initializer("eps", OnnxTensor.Scalar(1e-5f))
            .Initializer("root", OnnxTensor.Scalar(1.4142135f))
            .Initializer("cubic", OnnxTensor.Scalar(0.044715f)).Initializer("slope", OnnxTensor.Scalar(0.7978846f))
            .Initializer("minus", OnnxTensor.Scalar(-0.5f))
            .Initializer("masked", OnnxTensor.Scalar(-1e9f)).Initializer("least", OnnxTensor.Scalar(float.MinValue));
        foreach (string node in nodes.Split(','))
        {
            string[] parts = node.Trim().Split(':');
            model.Node(parts[0], parts[1], parts[2]);
        }
        return model;
    }

    /// <summary>Asserts that exactly these outputs are of nodes in the pattern; empty: none is in any.</summary>
    public static void AssertFinds(this ModelBuilder model, string pattern, string outputs)
    {
        OnnxGraph graph = model.Build().Graph;
        var patterns = FloatPatterns.Of(graph);
        Assert.AreEqual(outputs, string.Join(' ', graph.Nodes.Where(node => patterns.ReasonFor(node) is not null)
            .Select(node => node.Outputs[0])));
        foreach (OnnxNode node in graph.Nodes)
            if (patterns.ReasonFor(node) is { } reason)
                Assert.AreEqual($"part of {pattern}: it needs floats", reason);
    }
}
