using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.Layers;
using QuantBuild.Placement.LowBits;
using QuantBuild.Precision;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Testing;

/// <summary>Files in which one layer has a form other than float32 and everything else is as the model has it.</summary>
/// <param name="prepared">Float model.</param>
/// <param name="precision">Of everything that can run in integers.</param>
internal sealed class OneLayerFile(OnnxModel prepared, PrecisionPlan precision)
{
    private static readonly PlacementPlan Nothing = new([], [], [], new HashSet<string>());

    public ModelImage Float => Write(Nothing, StoragePlan.Unchanged, LowBitCodes.Nothing, []);

    /// <param name="layer">Of this model.</param>
    /// <param name="form">One that it can take.</param>
    /// <param name="round">Rounds a weight of fewer than 8 bits that is computed with in float; null: each weight to the nearest value.</param>
    public ModelImage Of(WeightedLayer layer, LayerForm form, Func<LowBitTarget, LowBitWeight>? round = null)
    {
        IReadOnlyList<LowBitTarget> targets = layer.Plan(form)!.Targets;
        round ??= target => new LowBitRounder(new LowBitSettings { Bits = target.Bits }, RoundingMethod.Nearest).Round(target, null);
        return form.Kernel switch
        {
            LayerKernel.Integer => Write(AloneInIntegers(layer, targets), StoragePlan.Unchanged, LowBitCodes.Nothing, targets),
            LayerKernel.Dynamic => Write(Nothing with { DynamicNodes = layer.Dynamics }, StoragePlan.Unchanged, LowBitCodes.Nothing, []),
            _ when targets.Count > 0 => Write(
                Nothing,
                StoragePlan.Unchanged,
                LowBitCodes.Nothing with { Weights = targets.ToDictionary(target => target.Key, round) },
                targets),
            _ => Write(Nothing, Stored(layer, form), LowBitCodes.Nothing, []),
        };
    }

    private static StoragePlan Stored(WeightedLayer layer, LayerForm form) => new(layer.Weights.ToDictionary(
        weight => weight.Key,
        weight => new StoredConstant(
            form.Bits switch { 8 => StoredForm.Int8, 16 => StoredForm.Float16, _ => StoredForm.Float32 }, weight.Axes ?? default, ByRows: false, "")));

    private PlacementPlan AloneInIntegers(WeightedLayer layer, IReadOnlyList<LowBitTarget> targets)
    {
        var activations = new List<PlannedActivation>();
        foreach (string value in layer.Integers.SelectMany(node => node.ActivationInputs, (node, input) => node.Node.Inputs[input]).Distinct())
            activations.Add(precision.Placement.Activations.First(activation => activation.Value == value) with { Producer = null, TiedTo = null, JoinedInto = null });
        for (int i = 0; i < layer.Integers.Count; i++)
            if (layer.Integers[i].QuantizesOutput)
            {
                activations.RemoveAll(activation => activation.Value == layer.Integers[i].Output);
                activations.Add(precision.Placement.Activations.First(activation => activation.Value == layer.Integers[i].Output)
                    with { Producer = i, TiedTo = null, JoinedInto = null });
            }
        return Nothing with
        {
            Nodes = [.. layer.Integers.Select(node => targets.FirstOrDefault(target => target.Reader!.Node == node.Node)?.Reader ?? node)],
            Activations = activations,
            LowBits = new LowBitPlan(targets),
        };
    }

    private ModelImage Write(PlacementPlan placement, StoragePlan storage, LowBitCodes lowBits, IReadOnlyList<LowBitTarget> targets)
    {
        PrecisionPlan alone = precision with { Placement = placement };
        var settings = new LowBitSettings { Bits = targets.Count > 0 ? targets[0].Bits : 8 };
        WeightCodes codes = WeightQuantizer.Quantize(prepared.Graph, alone, settings) with { LowBits = lowBits };
        LowBitStorage stored = new LowBitFormChooser(prepared, TensorFacts.None, TestSettings.Of(QuantizationScheme.Static)).Choose(lowBits);
        return QdqRewriter.Rewrite(prepared, alone, codes, storage, stored).Image;
    }
}
