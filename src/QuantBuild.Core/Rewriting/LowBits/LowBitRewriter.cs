using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Writes weights in few bits, each in the form that was chosen for it.</summary>
internal sealed class LowBitRewriter
{
    /// <summary>The operators of ONNX Runtime.</summary>
    public const string ContribDomain = "com.microsoft";

    private readonly GraphEditor editor;
    private readonly ConstantPool constants;
    private readonly PackedWeights packed;

    private LowBitRewriter(OnnxGraph graph, OnnxModel model, WeightFile? weights)
    {
        editor = new GraphEditor(graph, model.Graph);
        constants = new ConstantPool(editor, weights);
        packed = new PackedWeights(editor, constants, model.Opset);
    }

    /// <remarks>The opset of the model is raised when <see cref="LowBitForm.BlockedDequantize"/> needs it, and not otherwise.</remarks>
    /// <param name="prepared">The graph that the plan was made for.</param>
    /// <param name="model">The model of its clone, in which other constants may have been replaced already.</param>
    /// <param name="biases">Constants that are replaced, by the graph of the prepared model that stores them.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static void Rewrite(
        OnnxGraph prepared, OnnxModel model, PlannedNodeMap clones, LowBitStorage plan, IReadOnlyDictionary<ConstantKey, OnnxTensor> biases, WeightFile? weights)
    {
        if (plan.Weights.Values.Any(constant => constant.Form == LowBitForm.BlockedDequantize))
            OpsetOfBlocks.Raise(model);
        // Bodies first: what an outer graph changes in them afterwards are names only.
        foreach (OnnxGraph graph in prepared.WithBodies.Reverse())
        {
            OnnxGraph clone = clones.Of(graph);
            clone.Reindex();
            (string Name, LowBitConstant Constant)[] planned =
            [
                .. clone.InitializerNames.Select(name => (name, Constant: plan.Weights.GetValueOrDefault(new ConstantKey(graph, name))!))
                    .Where(weight => weight.Constant is not null),
            ];
            if (planned.Length == 0)
                continue;
            var rewriter = new LowBitRewriter(clone, model, weights);
            foreach ((ConstantKey key, OnnxTensor bias) in biases.Where(bias => bias.Key.Graph == graph))
                rewriter.editor.ReplaceInitializer(key.Name, bias);
            foreach ((string name, LowBitConstant constant) in planned)
                rewriter.Write(name, constant);
            rewriter.packed.Write();
            rewriter.editor.RemoveDead();
            rewriter.editor.SortTopologically();
        }
        if (plan.Weights.Values.Any(constant => constant.Form is LowBitForm.MatMulNBits or LowBitForm.GatherBlockQuantized))
            model.Import(ContribDomain, 1);
    }

    private void Write(string name, LowBitConstant constant)
    {
        OnnxTensor tensor = editor.Graph.InitializerOf(name)!;
        switch (constant.Form)
        {
            case LowBitForm.MatMulNBits:
                new MatMulNBitsForm(editor, constants).Write(name, constant.Weight, constant.AccuracyLevel);
                break;
            case LowBitForm.BlockedDequantize:
                new BlockedDequantizeForm(editor, constants).Write(name, constant.Weight);
                break;
            case LowBitForm.GatherBlockQuantized:
                new GatherBlockQuantizedForm(editor, constants).Write(name, constant.Weight);
                break;
            default:
                string restored = editor.UniqueName(name);
                editor.ReplaceUses(name, restored);
                packed.AddFloats(constant.Weight, tensor.Shape, restored);
                break;
        }
    }
}
