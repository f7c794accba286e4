using System.Globalization;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class ShapeProbeTests
{
    [TestMethod]
    public void Observe_ManyValues_EachOnceInGroups()
    {
        const int Nodes = 150;
        ModelBuilder builder = new ModelBuilder().Input("v0", "n,2").Output($"v{Nodes}", "n,2");
        for (int i = 0; i < Nodes; i++)
            builder.Node("Relu", $"v{i}", $"v{i + 1}");
        OnnxModel model = builder.Build();
        byte[] before = model.ToBytes();
        var engine = new ScriptedEngine((_, name) =>
        {
            int index = int.Parse(name[1..], CultureInfo.InvariantCulture);
            return ScriptedOutput.Floats([index], new float[index]);
        });

        TensorFacts facts = ShapeProbe.Observe(model, [SeededValues.FloatInput("v0", 1, 2)], engine);

        for (int i = 1; i <= Nodes; i++)
            Assert.AreEqual(i, facts.Of($"v{i}")!.Shape.Single());
        string[] asked = [.. engine.Sessions.SelectMany(runs => runs.Single())];
        CollectionAssert.AllItemsAreUnique(asked);
        Assert.HasCount(Nodes, asked);
        Assert.IsGreaterThan(1, engine.Sessions.Count);
        Assert.AreEqual(0, engine.OpenSessions);
        CollectionAssert.AreEqual(before, model.ToBytes());
    }

    [TestMethod]
    public void Of_InputConstantAndUnknown_FactsOfEach()
    {
        OnnxModel model = new ModelBuilder().Input("x", "n,2").Weights("w", 2, 5).Node("MatMul", "x w", "y").Output("y").Build();
        var engine = new ScriptedEngine((_, _) => ScriptedOutput.Floats([3, 5], new float[15]));

        TensorFacts facts = ShapeProbe.Observe(model, [SeededValues.FloatInput("x", 3, 2)], engine);

        Assert.AreEqual(6L, facts.Of("x")!.Length);
        CollectionAssert.AreEqual(new long[] { 2, 5 }, facts.Of("w")!.Shape.ToArray());
        Assert.IsTrue(facts.IsFloat("w"));
        Assert.IsNull(facts.Of("nothing"));
        Assert.IsNull(facts.Of(null));
        Assert.AreEqual((6 + 15) * sizeof(float), facts.BytesPerSample);
    }
}
