using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class PartedRunTests
{
    private const int Layers = 5;

    [TestMethod]
    public void Run_SeveralBatches_EachPartIsOpenedOnceAndAlone()
    {
        int most = 0;
        ScriptedEngine engine = null!;
        engine = new ScriptedEngine((_, output) =>
        {
            most = Math.Max(most, engine.OpenSessions);
            return ScriptedOutput.Floats([1], output[^1]);
        });
        var seen = new List<string>();
        int readings = 0;

        foreach (IReadOnlyList<string> values in Run(engine, ["v1", "v3"], 3, () => readings++, (batch, value, tensor) => seen.Add($"{value}:{batch}:{tensor.Floats[0]}")))
            seen.Add($"[{string.Join(' ', values)}]");

        Assert.AreEqual(1, most);
        Assert.AreEqual(0, engine.OpenSessions);
        Assert.HasCount(4, engine.Sessions, "What comes behind the last wanted value does not run.");
        Assert.IsTrue(engine.Sessions.All(runs => runs.Count == 3));
        Assert.AreEqual(1, readings, "Only the first part reads samples.");
        Assert.AreEqual("[] v1:0:49 v1:1:49 v1:2:49 [v1] [] v3:0:51 v3:1:51 v3:2:51 [v3]", string.Join(' ', seen));
    }

    [TestMethod]
    public void Of_AnyLimit_PartsHoldAllNodesOnceAndNoMoreThanTheLimit()
    {
        OnnxModel model = Chain();
        foreach (int weights in new[] { 1, 2, 3, Layers })
        {
            ModelParts parts = ModelParts.Of(model, (weights * 64 * sizeof(float)) + (weights * 32))!;

            Assert.HasCount((Layers + weights - 1) / weights, parts.Parts);
            CollectionAssert.AreEqual(model.Graph.Nodes.ToArray(), parts.Parts.SelectMany(part => part.Nodes).ToArray());
            foreach (ModelPart part in parts.Parts)
            {
                OnnxModel cut = parts.ToModel(part, _ => OnnxElementType.Float, [part.Nodes[^1].Outputs[0]]);
                Assert.IsLessThanOrEqualTo(weights, cut.Graph.InitializerNames.Count());
            }
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Run(
        ScriptedEngine engine, string[] values, int batches, Action onReading, PartVisitor visit) =>
        new PartedRun(engine, ModelParts.Of(Chain(), 1)!).Run(values, batches, () =>
        {
            onReading();
            return Enumerable.Repeat<IReadOnlyList<InputTensor>>([new InputTensor("x", OnnxElementType.Float, [1, 8], new byte[32])], batches);
        }, visit);

    /// <summary>x → v0 → v1 → …, a weight each.</summary>
    private static OnnxModel Chain()
    {
        var model = new ModelBuilder().Input("x", "n,8");
        for (int layer = 0; layer < Layers; layer++)
            model.Weights($"w{layer}", 8, 8).Node("MatMul", $"{(layer == 0 ? "x" : $"v{layer - 1}")} w{layer}", $"v{layer}");
        return model.Output($"v{Layers - 1}").Build();
    }
}
