using QuantBuild.Imaging;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>What the model and the settings say about a data set before it is opened. Formats without names or types take theirs from here.</summary>
internal sealed record SampleSetRequest
{
    /// <summary>The inputs of the model; empty when the model cannot be read.</summary>
    public IReadOnlyList<TensorSignature> Inputs { get; init; } = [];

    /// <summary>Name of the array, column or key that holds labels.</summary>
    public string LabelName { get; init; } = SampleBinding.LabelsName;

    /// <summary>Names of the classes in the order of their numbers; null when no file names them.</summary>
    public ClassNames? Classes { get; init; }

    /// <summary>Shapes of single samples by input, for formats that have none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>How pictures become the model's only input; null when the model takes none.</summary>
    public PixelPlan? Pixels { get; init; }

    public TensorSignature? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>The name of an array that has none in its file: of the model's only input.</summary>
    /// <param name="otherwise">For a model with several inputs, or none that is known.</param>
    public string NameOr(string otherwise) => Inputs.Count == 1 ? Inputs[0].Name : otherwise;
}
