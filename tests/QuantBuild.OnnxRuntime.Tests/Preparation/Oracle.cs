using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime;
using QuantBuild.Preparation;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Preparation;

/// <summary>ONNX Runtime as the judge of passes: the model before and after must give the same outputs.</summary>
internal static class Oracle
{
    private static readonly OnnxRuntimeEngine Engine = new();

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    /// <summary>Runs the pass and asserts that every output has the same bits as before, and that the pass did something.</summary>
    /// <returns>The changed model.</returns>
    public static OnnxModel AssertSameBits(ModelBuilder builder, IGraphPass pass, params InputTensor[] inputs)
    {
        (OnnxModel before, OnnxModel after) = Apply(builder, pass);
        byte[][] expected = Run(before, inputs);
        byte[][] actual = Run(after, inputs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreNotEqual(0, expected[i].Length);
            CollectionAssert.AreEqual(expected[i], actual[i], $"output {i}");
        }
        return after;
    }

    /// <summary>As <see cref="AssertSameBits"/>, within the tolerance of <see cref="PreparationCheck"/>.</summary>
    public static OnnxModel AssertClose(ModelBuilder builder, IGraphPass pass, params InputTensor[] inputs)
    {
        (OnnxModel before, OnnxModel after) = Apply(builder, pass);
        PreparationCheck.Verify(Engine, before, after, inputs, Origin);
        return after;
    }

    /// <summary>Raises the opset and asserts that nothing else changed.</summary>
    public static OnnxModel AssertRaises(ModelBuilder builder, params InputTensor[] inputs)
    {
        OnnxModel after = AssertSameBits(builder, new RaiseOpset(Origin), inputs);
        Assert.AreEqual(RaiseOpset.Target, after.Opset);
        return after;
    }

    /// <summary>Asserts that the model cannot be raised, and gives back the message.</summary>
    public static string AssertDoesNotRaise(ModelBuilder builder)
    {
        var exception = Assert.ThrowsExactly<QuantBuildException>(() => PassRunner.Run(builder.Build(), [new RaiseOpset(Origin)], Origin));
        Assert.AreEqual("QB3002", exception.Diagnostic.Code);
        return exception.Message;
    }

    public static byte[][] Run(OnnxModel model, params InputTensor[] inputs)
    {
        string[] outputs = [.. model.Graph.OutputNames];
        var results = new byte[outputs.Length][];
        using IInferenceSession session = Engine.Open(model.ToBytes());
        session.Run(inputs, outputs, (index, output) => results[index] = output.Bytes.ToArray());
        return results;
    }

    private static (OnnxModel Before, OnnxModel After) Apply(ModelBuilder builder, IGraphPass pass)
    {
        OnnxModel before = builder.Build();
        OnnxModel after = before.Clone();
        IReadOnlyList<PassOutcome> outcomes = PassRunner.Run(after, [pass], Origin);
        Assert.AreNotEqual(0, outcomes[0].Applied, "the pass did nothing");
        return (before, after);
    }
}
