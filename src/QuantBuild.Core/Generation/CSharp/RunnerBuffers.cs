using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>One tensor of the class <c>Runner</c>.</summary>
/// <param name="Tensor">An input or an output.</param>
/// <param name="IsInput">Whether it is an input.</param>
/// <param name="Property">What the class calls it.</param>
/// <param name="ShapeProperty">What the class calls its shape, where only a run tells it.</param>
/// <param name="Shape">Dimensions as the source of <c>CreateRunner</c> has them; null for an output whose shape only a run tells.</param>
internal sealed record RunnerTensor(TensorSignature Tensor, bool IsInput, string Property, string ShapeProperty, string[]? Shape)
{
    public string Element => RuntimeTypes.ElementOf(Tensor.ElementType)!;

    public string StoredElement => RuntimeTypes.StoredElementOf(Tensor.ElementType)!;
}

/// <summary>The tensors of a model in buffers that are bound once.</summary>
/// <param name="Dimensions">The unknown dimensions of the inputs, in the order of the parameters of <c>CreateRunner</c>.</param>
internal sealed record RunnerBuffers(IReadOnlyList<RunnerTensor> Tensors, IReadOnlyList<UnknownDimension> Dimensions, RunNames Names)
{
    // Members that the class has anyway.
    private static readonly string[] reserved = ["Runner", "Run", "Dispose", "RunWithToken", "Close", "Reopen", "Fits"];

    /// <returns>Null when a buffer cannot hold an input or an output: strings, sequences, tensors of no elements or of unknown rank.</returns>
    public static RunnerBuffers? For(LoaderModel model, DimensionPlan plan)
    {
        ModelSignature signature = model.Signature;
        if (signature.Inputs.Count == 0 || !signature.Inputs.All(HasBuffer) || !signature.Outputs.All(HasElements))
            return null;
        RunNames names = new(signature, plan, new NameScope(StringComparer.Ordinal));
        UnknownDimension[] dimensions = [.. Enumerable.Range(0, signature.Inputs.Count)
            .SelectMany(input => Enumerable.Range(0, signature.Inputs[input].Shape!.Count).Select(axis => UnknownDimension.At(signature, input, axis)))
            .OfType<UnknownDimension>().Distinct()];
        NameScope scope = new(StringComparer.Ordinal, [model.ClassName, .. reserved, .. OutputMembers.InheritedMembers]);
        List<RunnerTensor> tensors = [.. signature.Inputs.Select((input, index) => new RunnerTensor(
            input,
            true,
            scope.Take(Property(input, "Input", index)),
            "",
            InputShapes.Dimensions(signature, index, names, (CSharpIdentifiers.Escape, CSharpLiteral.Of), except: null)))];
        foreach ((int index, TensorSignature output) in signature.Outputs.Index())
        {
            string property = scope.Take(Property(output, "Output", index));
            tensors.Add(new RunnerTensor(output, false, property, scope.Take(property + "Shape"), ShapeOf(output, dimensions, names)));
        }
        return new RunnerBuffers(tensors, dimensions, names);
    }

    private static bool HasElements(TensorSignature tensor) => ElementTypes.AreKnown(tensor) && tensor.ElementType != OnnxElementType.String;

    private static bool HasBuffer(TensorSignature tensor) => HasElements(tensor) && tensor.Shape is { } shape && shape.All(dimension => dimension.Value != 0);

    private static string[]? ShapeOf(TensorSignature output, UnknownDimension[] known, RunNames names)
    {
        if (output.Shape is null)
            return null;
        string?[] shape = [.. output.Shape.Select(dimension => dimension switch
        {
            { Value: > 0 and { } size } => CSharpLiteral.Of(size),
            { Value: null, Symbol: { Length: > 0 } symbol } when known.Contains(new UnknownDimension(symbol, -1, -1)) =>
                CSharpIdentifiers.Escape(names[new UnknownDimension(symbol, -1, -1)]),
            _ => null,
        })];
        return shape.Contains(null) ? null : [.. shape.OfType<string>()];
    }

    private static string Property(TensorSignature tensor, string noun, int index) =>
        Identifiers.PascalCase(Identifiers.HasWords(tensor.Name) ? tensor.Name : Identifiers.Digits(index + 1), noun);
}
