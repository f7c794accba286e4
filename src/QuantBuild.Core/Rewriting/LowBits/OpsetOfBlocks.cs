using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Raises a model of opset 13 or later to 21, where DequantizeLinear has blocks and tensors have 4 bits. Exact.</summary>
/// <remarks>
/// What changed in form or meaning from 14 to 21 (the changelog of ONNX's operators); all others only took on types, or attributes and inputs whose absence
/// has the old meaning:
/// <code>
/// 14  BatchNormalization lost the outputs of its training form
/// 16  RoiAlign's samples moved by half a pixel unless told otherwise
/// 18  reductions take axes as an input; Split says how many parts it gives where it has no sizes
/// 20  DFT takes its axis as an input; GridSample's modes have other names
/// 21  GroupNormalization has scales for channels, not for groups
/// </code>
/// </remarks>
internal sealed class OpsetOfBlocks(OnnxModel model)
{
    private const int OpsetOfReductions = 18;

    private static readonly HashSet<string> Reductions = new(StringComparer.Ordinal)
    {
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare",
    };

    /// <returns>Null when the model has that opset already or can be raised to it.</returns>
    public static string? WhyNot(OnnxModel model)
    {
        if (model.Opset >= LowBitForms.OpsetOfBlocks)
            return null;
        if (model.Opset < 13)
            return $"the model is of opset {model.Opset}";
        if (model.Functions.Count > 0)
            return "the model defines operators of its own";
        return model.Graph.WithBodies.SelectMany(graph => graph.Nodes).FirstOrDefault(node => !CanRaise(node, model.Opset)) is { } stuck
            ? $"{stuck} has another form there"
            : null;
    }

    public static void Raise(OnnxModel model)
    {
        if (model.Opset >= LowBitForms.OpsetOfBlocks)
            return;
        foreach (OnnxGraph graph in model.Graph.WithBodies.Reverse())
        {
            graph.Reindex();
            new OpsetOfBlocks(model).Convert(graph);
        }
        model.Opset = LowBitForms.OpsetOfBlocks;
        model.Graph.Reindex();
    }

    private static bool CanRaise(OnnxNode node, int opset) => node.Domain.Length > 0 || node.OpType switch
    {
        "BatchNormalization" => opset >= 14 || node.Outputs.Count == 1,
        "RoiAlign" => opset >= 16,
        "DFT" or "GridSample" => opset >= 20,
        "GroupNormalization" => false,
        _ => true,
    };

    private void Convert(OnnxGraph graph)
    {
        if (model.Opset >= OpsetOfReductions)
            return;
        var editor = new GraphEditor(graph, model.Graph);
        foreach (OnnxNode node in graph.Nodes.Where(node => node.Domain.Length == 0).ToArray())
            if (Reductions.Contains(node.OpType) && node.GetInts("axes") is { } axes)
            {
                editor.SetInputs(node, node.Inputs[0], editor.AddInitializer("axes", OnnxTensor.Int64s([.. axes])));
                node.RemoveAttribute("axes");
            }
            else if (node.Is("Split") && node.Input(1) is null)
            {
                node.SetInt("num_outputs", node.Outputs.Count);
            }
    }
}
