using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>
/// Writes the class of the outputs. Tensors are copied into arrays, so that nothing needs to be disposed; only with outputs that have no
/// C# type does the class keep values of the runtime, and is disposable.
/// </summary>
internal sealed class OutputClass
{
    private const string ResultsField = "_results";

    // Everything else that a name in PascalCase could meet.
    private static readonly string[] inheritedMembers =
        ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Dispose"];

    private readonly ModelSignature signature;
    private readonly string className;
    private readonly string[] properties;
    private readonly string?[] shapes;
    private readonly string[] fields;
    private readonly string[] shapeFields;

    public OutputClass(ModelSignature signature, string className)
    {
        this.signature = signature;
        this.className = className;
        string name = className + "Output";
        Name = Identifiers.Escape(name);
        NameScope scope = new([name, .. inheritedMembers]);
        properties = [.. signature.Outputs.Select((output, index) => scope.Take(PropertyOf(output, index)))];
        shapes = [.. signature.Outputs.Select((output, index) => IsTensor(output) ? scope.Take(properties[index] + "Shape") : null)];
        NameScope fieldScope = new(ResultsField);
        fields = [.. properties.Select(property => fieldScope.Take(FieldOf(property)))];
        shapeFields = [.. shapes.Select(shape => shape is null ? "" : fieldScope.Take(FieldOf(shape)))];
    }

    /// <summary>As the source has it.</summary>
    public string Name { get; }

    /// <summary>Whether the class takes over the values of the run and disposes them.</summary>
    public bool KeepsResults => !signature.Outputs.All(IsTensor);

    public void Write(CSharpWriter writer, string visibility)
    {
        string lifetime = KeepsResults ? "Dispose it after use." : "It owns its elements and needs no disposing.";
        writer.WriteMember($"/// <summary>The outputs of one run of <c>{className}</c>. {lifetime}</summary>");
        writer.Write(ClassGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} sealed partial class {Name}{(KeepsResults ? " : " + RuntimeTypes.Disposable : "")}"))
        {
            WriteFields(writer);
            WriteConstructor(writer);
            for (int output = 0; output < signature.Outputs.Count; output++)
                WriteProperties(writer, output);
            if (KeepsResults)
            {
                writer.WriteMember($$"""
                    /// <summary>Releases the outputs that are not tensors.</summary>
                    public void Dispose()
                    {
                        {{ResultsField}}.Dispose();
                    }
                    """);
            }
        }
    }

    private void WriteFields(CSharpWriter writer)
    {
        if (KeepsResults)
            writer.Write($"private readonly {RuntimeTypes.Results} {ResultsField};");
        for (int output = 0; output < signature.Outputs.Count; output++)
        {
            if (RuntimeTypes.ElementOf(signature.Outputs[output].ElementType) is { } element)
            {
                writer.Write($"private readonly {element}[] {fields[output]};");
                writer.Write($"private readonly long[] {shapeFields[output]};");
            }
        }
    }

    private void WriteConstructor(CSharpWriter writer)
    {
        writer.Write("");
        using (writer.Block($"internal {Name}({RuntimeTypes.Results} results)"))
        {
            if (!KeepsResults)
            {
                WriteCopies(writer);
                return;
            }
            writer.Write($"{ResultsField} = results;");
            using (writer.Block("try"))
                WriteCopies(writer);
            writer.Write("""
                catch
                {
                    results.Dispose();
                    throw;
                }
                """);
        }
    }

    private void WriteCopies(CSharpWriter writer)
    {
        for (int output = 0; output < signature.Outputs.Count; output++)
        {
            if (RuntimeTypes.ElementOf(signature.Outputs[output].ElementType) is not { } element)
                continue;
            string result = $"results[{CSharpLiteral.Of(output)}]";
            string copy = element == "string" ? "GetStringTensorAsArray()" : $"GetTensorDataAsSpan<{element}>().ToArray()";
            writer.Write($"{fields[output]} = {result}.{copy};");
            writer.Write($"{shapeFields[output]} = {result}.GetTensorTypeAndShape().Shape;");
        }
    }

    private void WriteProperties(CSharpWriter writer, int output)
    {
        TensorSignature tensor = signature.Outputs[output];
        string description = $"Output <c>{DocumentationText.Xml(tensor.Name)}</c>: {DocumentationText.Xml(tensor)}.";
        string property = properties[output];
        if (RuntimeTypes.ElementOf(tensor.ElementType) is not { } element)
        {
            writer.WriteMember($$"""
                /// <summary>{{description}} Valid until this object is disposed.</summary>
                public {{RuntimeTypes.OrtValue}} {{property}} { get { return {{ResultsField}}[{{CSharpLiteral.Of(output)}}]; } }
                """);
            return;
        }
        writer.WriteMember($$"""
            /// <summary>{{description}} Elements in row-major order.</summary>
            public {{RuntimeTypes.ReadOnlySpan}}<{{element}}> {{property}} { get { return {{fields[output]}}; } }
            """);
        writer.WriteMember($$"""
            /// <summary>Shape of <see cref="{{property}}"/>.</summary>
            public {{RuntimeTypes.ReadOnlySpan}}<long> {{shapes[output]}} { get { return {{shapeFields[output]}}; } }
            """);
    }

    private static string FieldOf(string property) => "_" + char.ToLowerInvariant(property[0]) + property[1..];

    private static bool IsTensor(TensorSignature output) => RuntimeTypes.ElementOf(output.ElementType) is not null;

    private static string PropertyOf(TensorSignature output, int index) =>
        Identifiers.PascalCase(Identifiers.HasWords(output.Name) ? output.Name : CSharpLiteral.Of(index + 1), "Output");
}
