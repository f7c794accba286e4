using System.Runtime.InteropServices;
using QuantBuild.Differentiation;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Differentiation;

[TestClass]
public sealed class ForwardTests
{
    /// <summary>Of functions that are computed by other formulas; the others differ by the order of sums.</summary>
    private const float Tolerance = 3e-6f;

    public static IEnumerable<object[]> Names => DifferentiationCases.All.Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Forward_EveryOperator_IsWhatTheRuntimeComputes(string name)
    {
        DifferentiationCase one = DifferentiationCases.All.Single(candidate => candidate.Name == name);
        OnnxModel model = one.Model;
        string[] inputs = [.. one.Inputs.Select(input => input.Name)];
        NodeProgram program = NodeProgram.Of(model.Graph.Nodes, model.Graph, inputs, "y");

        DenseTensor actual = new ProgramRun(program, program.Constants, []).Forward([.. inputs.Select(one.ValuesOf)]);

        using IInferenceSession session = new OnnxRuntimeEngine().Open(model.ToImage());
        session.Run([.. inputs.Select(input => Input(one, input))], ["y"], (_, expected) =>
        {
            CollectionAssert.AreEqual(expected.Shape.ToArray(), actual.Shape.Select(dimension => (long)dimension).ToArray());
            float size = expected.Floats.ToArray().Max(Math.Abs);
            for (int i = 0; i < actual.Length; i++)
                Assert.AreEqual(expected.Floats[i], actual.Values[i], Tolerance * (1 + size), $"element {i}");
        });
    }

    private static InputTensor Input(DifferentiationCase one, string name)
    {
        DenseTensor values = one.ValuesOf(name);
        return new InputTensor(
            name, OnnxElementType.Float, [.. values.Shape.Select(dimension => (long)dimension)], MemoryMarshal.AsBytes(values.Values).ToArray());
    }
}
