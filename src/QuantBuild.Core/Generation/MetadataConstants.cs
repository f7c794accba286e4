using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>A constant of the generated code.</summary>
/// <param name="Value">A string, an <see cref="int"/>, a <see cref="long"/> or a <see cref="double"/>.</param>
/// <param name="Documentation">Text of the summary, already XML.</param>
internal sealed record MetadataConstant(string Name, object Value, string Documentation);

/// <summary>What a program can know of a model without loading it and without ONNX Runtime.</summary>
internal static class MetadataConstants
{
    public const string ClassSummary = "What is known of the model without loading it.";

    public static IReadOnlyList<MetadataConstant> Of(LoaderModel model, StringComparer comparer)
    {
        string[] inherited = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];
        NameScope scope = new(comparer, ["Metadata", .. inherited, .. ModelMeasurements.None.Constants.Select(constant => constant.Name)]);
        MetadataConstant location = Location(model, model.StoredAs);
        scope.Take(location.Name);
        List<MetadataConstant> constants =
        [
            .. model.Variants.Count == 0 ? [location] : Array.Empty<MetadataConstant>(),
            new(scope.Take("SourceOpset"), model.SourceOpset, "Version of the ONNX operators in the model that was quantized."),
            new(scope.Take("InputCount"), model.Signature.Inputs.Count, "Number of inputs."),
            new(scope.Take("OutputCount"), model.Signature.Outputs.Count, "Number of outputs."),
        ];
        constants.AddRange(model.Signature.Inputs.SelectMany((input, index) => Of(input, "Input", index, scope)));
        constants.AddRange(model.Signature.Outputs.SelectMany((output, index) => Of(output, "Output", index, scope)));
        return constants;
    }

    /// <summary>Where a quantized model is found.</summary>
    public static MetadataConstant Location(LoaderModel model, string storedAs) => model.Settings.Embed
        ? new("ResourceName", storedAs, "Name of the embedded resource that is the quantized model.")
        : new("FileName", storedAs, "Name of the file beside the program that is the quantized model.");

    /// <remarks>The names are taken one after another, in the order of the list.</remarks>
    private static List<MetadataConstant> Of(TensorSignature tensor, string noun, int index, NameScope scope)
    {
        string prefix = Identifiers.PascalCase(Identifiers.HasWords(tensor.Name) ? tensor.Name : Identifiers.Digits(index + 1), noun);
        string what = $"the {noun.ToLowerInvariant()} <c>{DocumentationText.Xml(tensor.Name)}</c>";
        List<MetadataConstant> constants = [new(scope.Take(prefix + "Name"), tensor.Name, $"Name of {what} in the model.")];
        if (tensor.ElementType == OnnxElementType.Undefined)
            return constants;
        constants.Add(new(scope.Take(prefix + "ElementType"), tensor.ElementType.DisplayName(), $"Type of the elements of {what}, as ONNX calls it."));
        if (tensor.Shape is not { } shape)
            return constants;
        constants.Add(new(scope.Take(prefix + "Rank"), shape.Count, $"Number of dimensions of {what}."));
        for (int axis = 0; axis < shape.Count; axis++)
        {
            if (shape[axis].Value is { } size)
                constants.Add(new(scope.Take(prefix + "Dimension" + Identifiers.Digits(axis)), size, $"Size of axis {Identifiers.Digits(axis)} of {what}, counted from 0."));
        }
        return constants;
    }
}
