using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting;

/// <summary>A float model that computes what the one with weights in few bits will: with the values that the codes stand for.</summary>
internal static class LowBitTrial
{
    public static ModelImage Of(OnnxModel prepared, LowBitCodes codes)
    {
        OnnxModel model = prepared.Clone();
        foreach ((OnnxGraph graph, OnnxGraph clone) in prepared.Graph.WithBodies.Zip(model.Graph.WithBodies))
        {
            var editor = new GraphEditor(clone, model.Graph);
            foreach ((ConstantKey key, LowBitWeight weight) in codes.Weights)
                if (key.Graph == graph)
                    editor.ReplaceInitializer(key.Name, OnnxTensor.Float([.. graph.InitializerOf(key.Name)!.Shape], weight.ToTensor()));
            foreach ((ConstantKey key, OnnxTensor bias) in codes.Biases)
                if (key.Graph == graph)
                    editor.ReplaceInitializer(key.Name, bias);
        }
        return model.ToImage();
    }
}
