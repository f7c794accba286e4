namespace QuantBuild.Onnx;

/// <summary>What a caller of a model sees: its inputs and outputs in the order of the file. Inputs that have an initializer are not among them.</summary>
internal sealed record ModelSignature(IReadOnlyList<TensorSignature> Inputs, IReadOnlyList<TensorSignature> Outputs);

/// <param name="Name">Any string that the file holds; not an identifier.</param>
/// <param name="ElementType"><see cref="OnnxElementType.Undefined"/> when the value is not a dense tensor (sequence, map, optional, sparse).</param>
/// <param name="Shape">Null when the rank is unknown.</param>
internal sealed record TensorSignature(string Name, OnnxElementType ElementType, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>For people: <c>float32 [N,1,28,28]</c>; unknown dimensions are question marks.</summary>
    public override string ToString() =>
        $"{ElementType.DisplayName()} {(Shape is null ? "[…]" : $"[{string.Join(",", Shape)}]")}";
}

/// <summary>One dimension of a shape: fixed, named, or neither.</summary>
internal readonly record struct OnnxDimension(long? Value, string? Symbol)
{
    public override string ToString() =>
        Value is { } value ? value.ToString(System.Globalization.CultureInfo.InvariantCulture) : string.IsNullOrEmpty(Symbol) ? "?" : Symbol;
}
