using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Preparation;

/// <summary>Runs one pass on a model and gives back both what it made and what it said.</summary>
internal static class PassTesting
{
    public static readonly DiagnosticOrigin Origin = new("model.onnx");

    public static (OnnxModel Model, PassOutcome Outcome) Run(this IGraphPass pass, ModelBuilder builder)
    {
        OnnxModel model = builder.Build();
        PassOutcome outcome = PassRunner.Run(model, [pass], Origin).Single();
        return (model, outcome);
    }

    public static string[] Operators(this OnnxModel model) => [.. model.Graph.Nodes.Select(node => node.OpType)];

    /// <summary>Asserts that the pass left the model as it was, and gave this one reason.</summary>
    public static void AssertDeclines(this IGraphPass pass, ModelBuilder builder, string reason)
    {
        byte[] before = builder.ToBytes();
        (OnnxModel model, PassOutcome outcome) = pass.Run(builder);
        CollectionAssert.AreEqual(before, model.ToBytes());
        Assert.AreEqual(0, outcome.Applied);
        StringAssert.Contains(outcome.Declined.Single().Reason, reason);
    }

    /// <summary>Asserts that the pass found nothing to do and nothing to say.</summary>
    public static void AssertIgnores(this IGraphPass pass, ModelBuilder builder)
    {
        byte[] before = builder.ToBytes();
        (OnnxModel model, PassOutcome outcome) = pass.Run(builder);
        CollectionAssert.AreEqual(before, model.ToBytes());
        Assert.AreEqual(0, outcome.Applied);
        Assert.AreEqual(0, outcome.Declined.Count);
    }
}
