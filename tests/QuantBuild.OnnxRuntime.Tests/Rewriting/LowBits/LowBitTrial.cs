using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting.LowBits;

/// <summary>A float model whose weights are the values of weights in few bits, and what the rewriter made of it.</summary>
internal sealed record LowBitTrial(OnnxModel Model, ModelImage Image)
{
    /// <param name="builder">Has the initializers that the weights are named for.</param>
    public static LowBitTrial Of(ModelBuilder builder, params (string Name, LowBitWeight Weight, LowBitForm Form)[] weights) =>
        Of(builder, accuracyLevel: 0, weights);

    public static LowBitTrial Of(ModelBuilder builder, int accuracyLevel, params (string Name, LowBitWeight Weight, LowBitForm Form)[] weights)
    {
        OnnxModel model = builder.Build();
        return new LowBitTrial(model, Rewrite(model, accuracyLevel, null, weights));
    }

    public static ModelImage Rewrite(
        OnnxModel model, int accuracyLevel, WeightFile? file, params (string Name, LowBitWeight Weight, LowBitForm Form)[] weights)
    {
        OnnxModel clone = model.Clone();
        var planned = weights.ToDictionary(
            weight => new ConstantKey(model.Graph.WithBodies.First(graph => graph.IsInitializer(weight.Name)), weight.Name),
            weight => new LowBitConstant(weight.Weight, weight.Form) { AccuracyLevel = accuracyLevel });
        LowBitRewriter.Rewrite(
            model.Graph, clone, new PlannedNodeMap(model.Graph, clone.Graph), new LowBitStorage(planned),
            new Dictionary<ConstantKey, OnnxTensor>(), file);
        ModelCompactor.Compact(clone, []);
        return clone.ToImage(file);
    }

    /// <summary>Operators that the runtime executes, bodies included.</summary>
    public string Operators() => string.Join(
        ' ', OnnxModelReader.ParseAnyOpset(QuantizationTrial.Engine.Optimize(Image), QuantizationTrial.Origin).Graph.WithBodies
            .SelectMany(graph => graph.Nodes).Select(node => node.OpType));

    /// <summary>Asserts that every output has the bits that the float model gives.</summary>
    public LowBitTrial AssertSame(params InputTensor[] inputs)
    {
        foreach ((float[] expected, float[] actual) in Run(Model.ToImage(), inputs).Zip(Run(Image, inputs)))
            CollectionAssert.AreEqual(expected.Select(BitConverter.SingleToInt32Bits).ToArray(), actual.Select(BitConverter.SingleToInt32Bits).ToArray());
        return this;
    }

    /// <summary>Power of the float outputs over that of their difference to those of the rewritten model.</summary>
    public double Decibels(params InputTensor[] inputs)
    {
        double signal = 0;
        double noise = 0;
        foreach ((float[] expected, float[] actual) in Run(Model.ToImage(), inputs).Zip(Run(Image, inputs)))
        {
            Assert.AreEqual(expected.Length, actual.Length);
            signal += expected.Sum(value => (double)value * value);
            noise += expected.Zip(actual).Sum(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second));
        }
        return 10 * Math.Log10(signal / noise);
    }

    private float[][] Run(ModelImage model, InputTensor[] inputs)
    {
        string[] outputs = [.. Model.Graph.OutputNames];
        var results = new float[outputs.Length][];
        using IInferenceSession session = QuantizationTrial.Engine.Open(model);
        session.Run(inputs, outputs, (index, output) => results[index] = output.Floats.ToArray());
        return results;
    }
}
