using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>
/// Writes the class of the outputs. Tensors are copied into arrays, so that nothing needs to be disposed; only with outputs that have no
/// C# type does the class keep values of the runtime, and is disposable.
/// </summary>
internal sealed class OutputClass
{
    private const string ResultsField = "_results";

    private readonly ModelSignature signature;
    private readonly string className;
    private readonly OutputMembers members;
    private readonly string[] fields;
    private readonly string[] shapeFields;

    public OutputClass(LoaderModel model)
    {
        signature = model.Signature;
        className = model.ClassName;
        members = new OutputMembers(signature, className, StringComparer.Ordinal, model.Classifier is null ? [] : PredictionMembers.Names);
        Name = CSharpIdentifiers.Escape(members.ClassName);
        NameScope fieldScope = new(StringComparer.Ordinal, ResultsField);
        fields = [.. members.Elements.Select(property => fieldScope.Take(FieldOf(property)))];
        shapeFields = [.. members.Shapes.Select(shape => shape is null ? "" : fieldScope.Take(FieldOf(shape)))];
    }

    /// <summary>As the source has it.</summary>
    public string Name { get; }

    /// <summary>Whether the class takes over the values of the run and disposes them.</summary>
    public bool KeepsResults => members.KeepsResults;

    /// <summary>The property of the elements of an output that is a tensor.</summary>
    public string PropertyOf(int output) => members.Elements[output];

    /// <summary>The property of its shape.</summary>
    public string ShapeOf(int output) => members.Shapes[output]!;

    public void Write(SourceWriter writer, string visibility)
    {
        writer.WriteMember($"/// <summary>{members.Summary(className)}</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} sealed partial class {Name}{(members.KeepsResults ? " : " + RuntimeTypes.Disposable : "")}"))
        {
            WriteFields(writer);
            WriteConstructor(writer);
            for (int output = 0; output < signature.Outputs.Count; output++)
                WriteProperties(writer, output);
            if (members.KeepsResults)
            {
                writer.WriteMember($$"""
                    /// <summary>{{LoaderText.DisposeOutputs}}</summary>
                    public void Dispose()
                    {
                        {{ResultsField}}.Dispose();
                    }
                    """);
            }
        }
    }

    private void WriteFields(SourceWriter writer)
    {
        if (members.KeepsResults)
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

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write("");
        using (writer.Block($"internal {Name}({RuntimeTypes.Results} results)"))
        {
            if (!members.KeepsResults)
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

    private void WriteCopies(SourceWriter writer)
    {
        for (int output = 0; output < signature.Outputs.Count; output++)
        {
            if (RuntimeTypes.ElementOf(signature.Outputs[output].ElementType) is not { } element)
                continue;
            string result = $"results[{CSharpLiteral.Of(output)}]";
            string? stored = RuntimeTypes.StoredElementOf(signature.Outputs[output].ElementType);
            string copy = element == "string"
                ? $"{result}.GetStringTensorAsArray()"
                : RuntimeTypes.Cast($"{result}.GetTensorDataAsSpan<{stored}>()", stored, element) + ".ToArray()";
            writer.Write($"{fields[output]} = {copy};");
            writer.Write($"{shapeFields[output]} = {result}.GetTensorTypeAndShape().Shape;");
        }
    }

    private void WriteProperties(SourceWriter writer, int output)
    {
        TensorSignature tensor = signature.Outputs[output];
        string description = OutputMembers.Describe(tensor);
        string property = members.Elements[output];
        if (RuntimeTypes.ElementOf(tensor.ElementType) is not { } element)
        {
            writer.WriteMember($$"""
                /// <summary>{{description}}</summary>
                public {{RuntimeTypes.OrtValue}} {{property}} { get { return {{ResultsField}}[{{CSharpLiteral.Of(output)}}]; } }
                """);
            return;
        }
        writer.WriteMember($$"""
            /// <summary>{{description}}</summary>
            public {{RuntimeTypes.ReadOnlySpan}}<{{element}}> {{property}} { get { return {{fields[output]}}; } }
            """);
        writer.WriteMember($$"""
            /// <summary>Shape of <see cref="{{property}}"/>.</summary>
            public {{RuntimeTypes.ReadOnlySpan}}<long> {{members.Shapes[output]}} { get { return {{shapeFields[output]}}; } }
            """);
        if (members.Samples[output] is { } method)
            WriteSample(writer, output, element, method);
    }

    private void WriteSample(SourceWriter writer, int output, string element, string method) => writer.WriteMember($$"""
        /// <summary>The part of <see cref="{{members.Elements[output]}}"/> that belongs to one sample of the batch.</summary>
        /// <param name="sample">Counted from 0, along the first axis.</param>
        public {{RuntimeTypes.ReadOnlySpan}}<{{element}}> {{method}}(int sample)
        {
            long count = {{shapeFields[output]}}[0];
            if (sample < 0 || sample >= count)
            {
                throw new global::System.ArgumentOutOfRangeException("sample", sample, "There are " + count + " samples.");
            }
            int length = {{fields[output]}}.Length / (int)count;
            return new {{RuntimeTypes.ReadOnlySpan}}<{{element}}>({{fields[output]}}, sample * length, length);
        }
        """);

    private static string FieldOf(string property) => "_" + char.ToLowerInvariant(property[0]) + property[1..];
}
