using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>The names in the class of the outputs.</summary>
internal sealed class OutputMembers
{
    // Everything else that a name in PascalCase could meet.
    public static IReadOnlyList<string> InheritedMembers => inheritedMembers;

    private static readonly string[] inheritedMembers =
        ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Dispose"];

    /// <param name="className">Of the class of the model.</param>
    /// <param name="comparer">Which names are the same in the language.</param>
    /// <param name="otherMembers">What else the class has.</param>
    public OutputMembers(ModelSignature signature, string className, StringComparer comparer, params IEnumerable<string> otherMembers)
    {
        ClassName = ClassNameOf(className);
        NameScope scope = new(comparer, [ClassName, .. inheritedMembers, .. otherMembers]);
        Elements = [.. signature.Outputs.Select((output, index) => scope.Take(PropertyOf(output, index)))];
        Shapes = [.. signature.Outputs.Select((output, index) => ElementTypes.AreKnown(output) ? scope.Take(Elements[index] + "Shape") : null)];
        Samples = [.. signature.Outputs.Select((output, index) => SampleAxis.IsFirstOf(output, signature) ? scope.Take(Elements[index] + "Of") : null)];
        KeepsResults = !signature.Outputs.All(ElementTypes.AreKnown);
    }

    public string ClassName { get; }

    /// <summary>One property per output.</summary>
    public IReadOnlyList<string> Elements { get; }

    /// <summary>Per output the property of its shape; null where the output is no tensor with elements that .NET knows.</summary>
    public IReadOnlyList<string?> Shapes { get; }

    /// <summary>Per output the method that gives the elements of one sample; null where the first axis does not count samples.</summary>
    public IReadOnlyList<string?> Samples { get; }

    /// <summary>Whether the class takes over the values of the run and disposes them.</summary>
    public bool KeepsResults { get; }

    public string Summary(string className) =>
        $"The outputs of one run of <c>{className}</c>. {(KeepsResults ? "Dispose it after use." : "It owns its elements and needs no disposing.")}";

    /// <summary>What the documentation says of an output.</summary>
    public static string Describe(TensorSignature output) =>
        $"Output <c>{DocumentationText.Xml(output.Name)}</c>: {DocumentationText.Xml(output)}. "
        + (ElementTypes.AreKnown(output) ? "Elements in row-major order." : "Valid until this object is disposed.");

    public static string ClassNameOf(string className) => className + "Output";

    private static string PropertyOf(TensorSignature output, int index) =>
        Identifiers.PascalCase(Identifiers.HasWords(output.Name) ? output.Name : Identifiers.Digits(index + 1), "Output");
}
