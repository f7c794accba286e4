using QuantBuild.Differentiation;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Differentiation;

[TestClass]
public sealed class GradientTests
{
    private const float Step = 1f / 128;

    private const int Directions = 3;

    /// <summary>Rounding of single precision, divided by the step, and the third derivative.</summary>
    private const double Tolerance = 0.005;

    public static IEnumerable<object[]> Names => DifferentiationCases.All.Select(one => new object[] { one.Name });

    /// <summary>Along random directions of all inputs and constants together.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Backward_EveryOperator_IsTheSlopeOfForward(string name)
    {
        DifferentiationCase one = DifferentiationCases.All.Single(candidate => candidate.Name == name);
        OnnxGraph graph = one.Model.Graph;
        string[] inputs = [.. one.Inputs.Select(input => input.Name)];
        NodeProgram program = NodeProgram.Of(graph.Nodes, graph, inputs, "y");
        Dictionary<string, DenseTensor> at = inputs.ToDictionary(input => input, one.ValuesOf);
        foreach ((string constant, DenseTensor tensor) in program.Constants.Where(constant => constant.Key is not ("low" or "high" or "e" or "m" or "v")))
            at.Add(constant, tensor);
        string[] learned = [.. at.Keys];
        var run = new ProgramRun(program, at, learned);
        int length = run.Forward([.. inputs.Select(input => at[input])]).Length;
        float[] weights = SeededValues.Floats("weights of the loss", -1, 1, length);

        run.Backward(weights);

        for (int direction = 0; direction < Directions; direction++)
            foreach (string value in learned)
            {
                float[] toward = SeededValues.Floats($"{value} {direction}", -1, 1, at[value].Length);
                double expected = (Loss(program, inputs, Moved(at, value, toward, Step), weights)
                    - Loss(program, inputs, Moved(at, value, toward, -Step), weights)) / (2 * Step);
                double actual = 0;
                double size = 0;
                ReadOnlySpan<float> gradient = run.GradientOf(value).Values;
                for (int i = 0; i < toward.Length; i++)
                {
                    actual += (double)gradient[i] * toward[i];
                    size += Math.Abs((double)gradient[i] * toward[i]);
                }

                Assert.IsGreaterThan(0, size, $"nothing comes back to {value}");
                Assert.AreEqual(expected, actual, Tolerance * (1 + size), $"{value}, direction {direction}");
            }
    }

    [TestMethod]
    public void Cases_Table_HoldEveryOperator() => CollectionAssert.AreEqual(
        OperatorTable.Names.ToArray(), DifferentiationCases.All.Select(one => one.OpType).Distinct().Order(StringComparer.Ordinal).ToArray());

    [TestMethod]
    public void Backward_ValueReadTwice_AddsBothPaths()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,2").Weights("w", 2, 2).Node("MatMul", "x w", "a").Node("Mul", "a x", "b")
            .Node("Add", "a b", "y").Output("y").Build().Graph;
        NodeProgram program = NodeProgram.Of(graph.Nodes, graph, ["x"], "y");
        var run = new ProgramRun(program, program.Constants, ["w"]);
        run.Forward([new DenseTensor([1, 2], [2, 3])]);

        run.Backward([1, 1]);

        // y = x·w + (x·w) ∘ x, so that dy/dw[i, j] = x[i] (1 + x[j]).
        CollectionAssert.AreEqual(new float[] { 6, 8, 9, 12 }, run.GradientOf("w").Values.ToArray());
    }

    [TestMethod]
    public void Backward_RoundedActivation_PassesInsideAndLearnsTheScale()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Node("Identity", "x", "y").Output("y").Build().Graph;
        var grids = new Dictionary<string, ActivationGrid> { ["x"] = new(0.5f, 1, 0, 7) };
        NodeProgram program = NodeProgram.Of(graph.Nodes, graph, ["x"], "y", grids);
        var run = new ProgramRun(program, program.Constants, ["x", NodeProgram.ScaleOf("x")]);

        float[] rounded = run.Forward([new DenseTensor([1, 4], [0.6f, -9, 9, 1.1f])]).Values.ToArray();
        run.Backward([1, 2, 4, 8]);

        CollectionAssert.AreEqual(new[] { 0.5f, -0.5f, 3, 1 }, rounded);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 8 }, run.GradientOf("x").Values.ToArray());
        // Inside: round(x/s) − x/s = −0.2; outside: the end of the range, −1 and 6.
        Assert.AreEqual(-0.2f - 2 + 24 - 1.6f, run.GradientOf(NodeProgram.ScaleOf("x")).Values[0], 1e-5f);
    }

    /// <summary>As a block reads a mask that is made outside of it.</summary>
    [TestMethod]
    public void Backward_ConditionThatIsRead_ReachesWhatWasTaken()
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Input("c", "n,4", OnnxElementType.Bool).Floats("w", [], -3)
            .Node("Where", "c x w", "y").Output("y").Build().Graph;
        NodeProgram program = NodeProgram.Of(graph.Nodes, graph, ["x", "c"], "y");
        var run = new ProgramRun(program, program.Constants, ["x", "w"]);

        float[] chosen = run.Forward([new DenseTensor([1, 4], [1, 2, 3, 4]), new DenseTensor([1, 4], [1, 0, 0, 1])]).Values.ToArray();
        run.Backward([1, 2, 4, 8]);

        CollectionAssert.AreEqual(new float[] { 1, -3, -3, 4 }, chosen);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 8 }, run.GradientOf("x").Values.ToArray());
        Assert.AreEqual(6f, run.GradientOf("w").Values[0]);
    }

    [TestMethod]
    [DataRow("LSTM", "LSTM has no gradient here")]
    [DataRow("Reshape", "its input 1 is computed")]
    public void Of_NodeWithoutGradient_NamesItAndTheReason(string opType, string reason)
    {
        OnnxGraph graph = new ModelBuilder().Input("x", "n,4").Input("z", "2").Node(opType, "x z", "y", ("name", "culprit")).Output("y").Build().Graph;

        var exception = Assert.ThrowsExactly<NotDifferentiableException>(() => NodeProgram.Of(graph.Nodes, graph, ["x", "z"], "y"));

        StringAssert.Contains(exception.Message, "'culprit'");
        StringAssert.Contains(exception.Message, reason);
    }

    private static Dictionary<string, DenseTensor> Moved(Dictionary<string, DenseTensor> at, string value, float[] toward, float step)
    {
        float[] values = at[value].Values.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] += step * toward[i];
        return new Dictionary<string, DenseTensor>(at) { [value] = new DenseTensor(at[value].Shape, values) };
    }

    private static double Loss(NodeProgram program, string[] inputs, Dictionary<string, DenseTensor> values, float[] weights)
    {
        ReadOnlySpan<float> output = new ProgramRun(program, values, []).Forward([.. inputs.Select(input => values[input])]).Values;
        double loss = 0;
        for (int i = 0; i < weights.Length; i++)
            loss += (double)weights[i] * output[i];
        return loss;
    }
}
