using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>Writes float constants as 8-bit codes, as float16 or as bfloat16. Everything computes in float.</summary>
/// <remarks>
/// <code>
/// Op(x, w)      →      Op(x, Mul(Cast(w8), scales))      or      Op(x, Cast(w16))
/// </code>
/// These nodes read constants only, so that every runtime computes them once, when it loads the model; no operator set, no option and no execution
/// provider is needed. A large table stays as it is stored, and its rows become floats when they are read:
/// <code>
/// Gather(t, i)  →      Mul(Cast(Gather(t8, i)), Gather(scales, i))      or      Cast(Gather(t16, i))
/// </code>
/// </remarks>
internal sealed class StoredWeightRewriter
{
    private readonly GraphEditor editor;
    private readonly ConstantPool constants;

    private StoredWeightRewriter(OnnxGraph graph, OnnxGraph scope, WeightFile? weights)
    {
        editor = new GraphEditor(graph, scope);
        constants = new ConstantPool(editor, weights);
    }

    /// <param name="prepared">The graph that the plan was made for.</param>
    /// <param name="main">Its clone, in which other constants may have been replaced already.</param>
    /// <param name="weights">Takes large tensors; null: they become part of the message.</param>
    public static void Rewrite(OnnxGraph prepared, OnnxGraph main, PlannedNodeMap clones, StoragePlan plan, WeightFile? weights)
    {
        // Bodies first: what an outer graph changes in them afterwards are names only.
        foreach (OnnxGraph graph in prepared.WithBodies.Reverse())
        {
            OnnxGraph clone = clones.Of(graph);
            clone.Reindex();
            (string Name, StoredConstant Stored)[] smaller =
            [
                .. clone.InitializerNames.Select(name => (name, Stored: plan.Of(graph, name)!))
                    .Where(constant => constant.Stored is { Form: not StoredForm.Float32 }),
            ];
            if (smaller.Length == 0)
                continue;
            var rewriter = new StoredWeightRewriter(clone, main, weights);
            foreach ((string name, StoredConstant stored) in smaller)
                rewriter.Store(name, clone.InitializerOf(name)!, stored);
            rewriter.editor.RemoveDead();
            rewriter.editor.SortTopologically();
        }
    }

    private void Store(string name, OnnxTensor tensor, StoredConstant stored)
    {
        (string values, string? scales) = stored.Form switch
        {
            StoredForm.Float16 => (constants.Store(HalfPrecision.Round(tensor)), null),
            StoredForm.BFloat16 => (constants.Store(BrainPrecision.Round(tensor)), null),
            _ => Codes(tensor, stored.Axes),
        };
        OnnxNode[] readers = [.. editor.Graph.ConsumersOf(name)];
        if (stored.ByRows && readers.All(reader => reader.Is("Gather")))
        {
            foreach (OnnxNode gather in readers)
                GatherRows(gather, values, scales);
            return;
        }
        string restored = editor.UniqueName(name);
        editor.ReplaceUses(name, restored);
        Restore(values, scales, restored);
    }

    private (string Codes, string Scales) Codes(OnnxTensor tensor, ChannelAxes axes)
    {
        QuantizedWeight quantized = StoredWeight.Quantize(tensor, axes);
        return (
            constants.Store(quantized.Codes),
            constants.Store(OnnxTensor.Float(axes.ScaleShape(tensor.Shape), quantized.Scales)));
    }

    private void GatherRows(OnnxNode gather, string values, string? scales)
    {
        string output = gather.Outputs[0];
        string rows = editor.UniqueName(output);
        string? scaleRows = scales is null ? null : editor.UniqueName(output);
        editor.SetOutput(gather, 0, rows);
        editor.SetInput(gather, 0, values);
        if (scaleRows is not null)
            editor.AddNode("Gather", [scales!, gather.Inputs[1]], [scaleRows]);
        Restore(rows, scaleRows, output);
    }

    private void Restore(string values, string? scales, string restored)
    {
        string floats = scales is null ? restored : editor.UniqueName(restored);
        editor.AddNode("Cast", [values], [floats]).SetInt("to", (long)OnnxElementType.Float);
        if (scales is not null)
            editor.AddNode("Mul", [floats, scales], [restored]);
    }
}
