using QuantBuild.Onnx;
using QuantBuild.Rewriting.LowBits;

namespace QuantBuild.Rewriting;

/// <summary>The model that ships, and where things of the float model are in it.</summary>
/// <param name="Image">What ships; large tensors may lie in a file that lives as long as the build of the model.</param>
/// <param name="ValueNames">Float value of the prepared model → the value that stands for it here, in float.</param>
/// <param name="NodeNames">By index into the planned nodes: the node's name here.</param>
internal sealed record QuantizedModel(
    ModelImage Image,
    IReadOnlyDictionary<string, string> ValueNames,
    IReadOnlyList<string> NodeNames)
{
    /// <summary>Value of the prepared model that no integer kernel gives or reads → its name here.</summary>
    public IReadOnlyDictionary<string, string> FloatNames { get; init; } = new Dictionary<string, string>();

    /// <summary>By index into the dynamic nodes: the name of the node here that becomes the kernel.</summary>
    public IReadOnlyList<string> DynamicNames { get; init; } = [];

    /// <summary>How the constants that stay part of a computation in float are stored.</summary>
    public StoragePlan Storage { get; init; } = StoragePlan.Unchanged;

    /// <summary>Those of them that are written in few bits.</summary>
    public LowBitStorage LowBits { get; init; } = LowBitStorage.Nothing;
}
