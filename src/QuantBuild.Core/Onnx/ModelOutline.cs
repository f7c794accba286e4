namespace QuantBuild.Onnx;

/// <summary>What can be known of a valid model without the values of its tensors.</summary>
/// <param name="Opset">Version of the standard operators.</param>
/// <param name="ExternalFiles">Names, relative to the model's folder, of the files that hold data of its tensors; in ordinal order.</param>
internal sealed record ModelOutline(ModelSignature Signature, int Opset, IReadOnlyCollection<string> ExternalFiles)
{
    public static ModelOutline Of(OnnxModel model) => new(model.Signature, model.Opset, model.ExternalFiles);

    /// <summary>What a caller sees of the model when some of its inputs have become constants.</summary>
    public ModelSignature SignatureWithout(IReadOnlyList<NamedTensor> fixedInputs) =>
        Signature with { Inputs = [.. Signature.Inputs.Where(input => fixedInputs.All(value => value.Name != input.Name))] };
}
