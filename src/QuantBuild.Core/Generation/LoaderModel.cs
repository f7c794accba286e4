using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Generation;

/// <summary>What a class is generated from, in any language.</summary>
/// <param name="Signature">Of the model that ships.</param>
/// <param name="SourceOpset">Version of the standard operators in the float model.</param>
/// <param name="Settings">Give the class its name, namespace and visibility.</param>
/// <param name="StoredAs">Name of the embedded resource that holds the model, or of the file beside the program.</param>
internal sealed record LoaderModel(ModelSignature Signature, int SourceOpset, QuantizationSettings Settings, string StoredAs)
{
    /// <summary>The forms of the model that the class can load, in the order in which the project lists them; empty for a model with one form.</summary>
    public IReadOnlyList<LoaderVariant> Variants { get; init; } = [];

    /// <summary>Null when no file names the classes of the model.</summary>
    public Classifier? Classifier { get; init; }

    public string ClassName => Settings.ClassName;

    /// <summary>How pictures become the model's input; null when no method takes them.</summary>
    public PixelPlan? Pixels { get; init; }

    public bool IsPublic => Settings.Visibility == ClassVisibility.Public;
}

/// <param name="Name">In its normal spelling: <c>WeightOnly8</c>.</param>
/// <param name="StoredAs">Name of the embedded resource that holds it, or of the file beside the program.</param>
internal sealed record LoaderVariant(string Name, string StoredAs);
