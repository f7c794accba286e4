using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Reporting;

/// <param name="Form">Of the widest weight.</param>
/// <param name="Reason">Null for codes of integer kernels.</param>
/// <param name="Bits">Of the codes, where these are fewer than 8.</param>
/// <param name="Bytes">Of codes and scales, or of floats.</param>
internal sealed record StoredWeights(StoredForm Form, string? Reason, long Bytes, int? Bits = null)
{
    public string Type => Bits is { } few ? $"int{few}" : Form.ToString().ToLowerInvariant();
}

/// <summary>Every node of a model, bodies included, that computes with a float constant of two axes or more, and how the file holds it.</summary>
internal sealed class WeightedNodes
{
    private readonly Dictionary<OnnxNode, StoredWeights> stored = [];
    private readonly List<OnnxNode> nodes = [];
    private readonly HashSet<OnnxNode> fused;
    private readonly HashSet<OnnxNode> dynamic;
    private readonly Dictionary<OnnxNode, string> kept = [];

    public WeightedNodes(ReportInputs inputs)
    {
        PlacementPlan placement = inputs.Precision.Placement;
        fused = [.. placement.Nodes.Where((node, i) => node.Weight is not null && inputs.Fusion.Fused[i]).Select(node => node.Node)];
        dynamic = [.. placement.DynamicNodes.Where((_, i) => inputs.Fusion.Dynamic[i]).Select(node => node.Node)];
        var scales = placement.Nodes.Where(node => node.Weight is not null)
            .Select(node => (node.Node, node.Weight!.InputIndex, Codes: inputs.Codes.Weights[node.Weight]))
            .Concat(placement.DynamicNodes.SelectMany((node, i) =>
                node.Weights.Zip(inputs.Codes.Dynamic[i], (weight, codes) => (node.Node, weight.InputIndex, Codes: codes))))
            .ToDictionary(weight => (weight.Node, weight.InputIndex), weight => weight.Codes.Scales.Length);
        foreach (OnnxGraph graph in inputs.Prepared.Model.Graph.WithBodies)
            foreach (OnnxNode node in graph.Nodes)
                if (Widest(node, graph, scales, inputs) is { } weights)
                {
                    nodes.Add(node);
                    stored.Add(node, weights);
                }
                else if (inputs.Settings.Scheme == QuantizationScheme.Float16 && KeptConstant(node, graph, inputs.Quantized.Storage) is { } reason)
                {
                    kept.Add(node, reason);
                }
    }

    /// <returns>Null for a node without weights.</returns>
    public StoredWeights? Of(OnnxNode node) => stored.GetValueOrDefault(node);

    /// <summary>Why a node without weights reads a constant of 32 bits although 16 are wanted.</summary>
    /// <returns>Null when it reads none, or only what is too small to matter.</returns>
    public string? KeptConstant(OnnxNode node) => kept.GetValueOrDefault(node);

    public WeightedReport Count()
    {
        StoredWeights[] inFloat = [.. nodes.Where(node => !fused.Contains(node) && !dynamic.Contains(node)).Select(node => stored[node])];
        return new WeightedReport(
            nodes.Count,
            nodes.Count(fused.Contains),
            nodes.Count(dynamic.Contains),
            inFloat.Count(weights => weights.Form == StoredForm.Int8),
            inFloat.Count(weights => weights.Form is StoredForm.Float16 or StoredForm.BFloat16),
            inFloat.Count(weights => weights.Form == StoredForm.Float32));
    }

    /// <summary>Those in bodies that the plan does not look into.</summary>
    public IEnumerable<OnnxNode> Unplanned(PlacementPlan placement)
    {
        var listed = placement.Nodes.SelectMany(node => node.Absorbed.Prepend(node.Node))
            .Concat(placement.DynamicNodes.Select(node => node.Node))
            .Concat(placement.FloatNodes.Select(node => node.Node))
            .ToHashSet();
        return nodes.Where(node => !listed.Contains(node));
    }

    private static StoredWeights? Widest(OnnxNode node, OnnxGraph graph, Dictionary<(OnnxNode Node, int Input), int> scales, ReportInputs inputs)
    {
        StoredWeights[] all =
        [
            .. WeightInputs(node)
                .Select(input => (input, tensor: graph.InitializerOf(node.Input(input))))
                .Where(weight => weight.tensor is { ElementType: OnnxElementType.Float, Rank: >= 2 })
                .Select(weight => scales.TryGetValue((node, weight.input), out int count)
                    ? OfCodes(node.Inputs[weight.input], weight.tensor!, count, inputs)
                    : Stored(node.Inputs[weight.input], weight.tensor!, graph, inputs.Quantized)),
        ];
        return all.OrderBy(weights => weights.Form).ThenByDescending(weights => weights.Bits ?? int.MaxValue).FirstOrDefault() is { } widest
            ? widest with { Bytes = all.Sum(weights => weights.Bytes) }
            : null;
    }

    private static StoredWeights OfCodes(string name, OnnxTensor tensor, int scales, ReportInputs inputs)
    {
        int? bits = inputs.Precision.Placement.LowBits.Integers.GetValueOrDefault(name)?.Bits;
        return new StoredWeights(StoredForm.Int8, null, CodeBytes(tensor, bits ?? 8, scales), bits);
    }

    private static long CodeBytes(OnnxTensor tensor, int bits, long scales) => (((tensor.Length * bits) + 7) / 8) + (scales * sizeof(float));

    private static StoredWeights Stored(string name, OnnxTensor tensor, OnnxGraph graph, QuantizedModel quantized)
    {
        OnnxGraph owner = graph.OwnerOf(name)!;
        if (quantized.LowBits.Weights.GetValueOrDefault(new ConstantKey(owner, name)) is { } few)
            return new StoredWeights(
                StoredForm.Int8, LowBitText(few), CodeBytes(tensor, few.Weight.Grid.Bits, few.Weight.Grid.Scales.Length), few.Weight.Grid.Bits);
        return quantized.Storage.Of(owner, name) is { } constant
            ? new StoredWeights(constant.Form, constant.Reason, BytesOf(tensor, constant))
            : new StoredWeights(StoredForm.Float32, "the model is embedded as it is", tensor.Length * sizeof(float));
    }

    private static string? KeptConstant(OnnxNode node, OnnxGraph graph, StoragePlan storage) => node.Inputs
        .Where(name => graph.OwnerOf(name) is not null)
        .Select(name => (Name: name, Stored: storage.Of(graph.OwnerOf(name)!, name)))
        .Where(constant => constant.Stored is { Form: StoredForm.Float32, Reason: not StorageChooser.TooSmall })
        .Select(constant => $"'{constant.Name}' stays float32: {constant.Stored!.Reason}")
        .FirstOrDefault();

    private static long BytesOf(OnnxTensor tensor, StoredConstant constant) => constant.Form switch
    {
        StoredForm.Int8 => CodeBytes(tensor, 8, constant.Axes.MergedShape(tensor.Shape)[constant.Axes.First]),
        StoredForm.Float32 => tensor.Length * sizeof(float),
        _ => tensor.Length * sizeof(ushort),
    };

    private static string LowBitText(LowBitConstant constant)
    {
        LevelGrid grid = constant.Weight.Grid;
        string scales = grid.BlockColumns >= grid.Columns ? "a scale for each channel" : $"a scale for every {grid.BlockColumns} weights";
        string values = grid.Codebooks is null ? "" : ", values from a codebook";
        return $"{scales}{values}, {(LowBitForms.ComputesInLowBits(constant.Form) ? "kept packed in memory" : "unpacked when the model is loaded")}";
    }

    private static IEnumerable<int> WeightInputs(OnnxNode node) => node.Domain.Length > 0 ? [] : node.OpType switch
    {
        "Conv" or "ConvTranspose" => [1],
        "MatMul" or "Gemm" => [0, 1],
        "Gather" => [0],
        "LSTM" or "GRU" or "RNN" => [1, 2],
        "Einsum" => Enumerable.Range(0, node.Inputs.Count),
        _ => [],
    };
}
