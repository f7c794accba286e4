using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;

namespace QuantBuild.Rewriting;

/// <summary>How the float constants of a model, bodies included, are stored where they stay part of a computation in float.</summary>
/// <param name="Constants">Every float32 constant that something reads in float; by the graph that stores it and its name there.</param>
internal sealed record StoragePlan(IReadOnlyDictionary<ConstantKey, StoredConstant> Constants)
{
    /// <summary>Everything as the model has it.</summary>
    public static StoragePlan Unchanged { get; } = new(new Dictionary<ConstantKey, StoredConstant>());

    public StoredConstant? Of(OnnxGraph graph, string name) => Constants.GetValueOrDefault(new ConstantKey(graph, name));
}

/// <param name="Form">What is in the file.</param>
/// <param name="Axes">Of 8-bit codes: what has a scale of its own.</param>
/// <param name="ByRows">Readers take rows of the stored form and turn those into floats; otherwise all of it becomes floats when the model is loaded.</param>
/// <param name="Reason">Why this form, for people.</param>
internal sealed record StoredConstant(StoredForm Form, ChannelAxes Axes, bool ByRows, string Reason)
{
    /// <summary>The 8-bit codes that the file holds of a tensor.</summary>
    public QuantizedWeight Quantize(OnnxTensor tensor) => StoredWeight.Quantize(tensor, Axes);
}

internal enum StoredForm
{
    Float32,
    Float16,

    /// <summary>The range of float32 with 8 bits of its precision: for what float16 cannot reach.</summary>
    BFloat16,
    Int8,
}
