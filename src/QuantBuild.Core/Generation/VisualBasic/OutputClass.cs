using QuantBuild.Onnx;

namespace QuantBuild.Generation.VisualBasic;

/// <summary>
/// Writes the class of the outputs. Tensors are copied into arrays, so that nothing needs to be disposed; only with outputs that have no
/// .NET type does the class keep values of the runtime, and is disposable.
/// </summary>
internal sealed class OutputClass(LoaderModel model)
{
    // A property P has a field _P of its own, whatever the case of its letters.
    private const string ResultsField = "__results";

    private readonly ModelSignature signature = model.Signature;

    public OutputMembers Members { get; } = new(model.Signature, model.ClassName, VisualBasicGenerator.Comparer);

    public void Write(SourceWriter writer, string visibility)
    {
        writer.WriteMember($"''' <summary>{Members.Summary(model.ClassName)}</summary>");
        writer.Write(VisualBasicGenerator.GeneratedCodeAttribute);
        using (writer.Indented($"Partial {visibility} NotInheritable Class {VisualBasicIdentifiers.Escape(Members.ClassName)}", "End Class"))
        {
            if (Members.KeepsResults)
            {
                writer.Write($"Implements {BasicTypes.Disposable}");
                writer.Write($"Private ReadOnly {ResultsField} As {BasicTypes.Results}");
            }
            WriteConstructor(writer);
            for (int output = 0; output < signature.Outputs.Count; output++)
                WriteProperties(writer, output);
            if (Members.KeepsResults)
            {
                writer.WriteMember($"""
                    ''' <summary>{LoaderText.DisposeOutputs}</summary>
                    Public Sub Dispose() Implements {BasicTypes.Disposable}.Dispose
                        {ResultsField}.Dispose()
                    End Sub
                    """);
            }
        }
    }

    private void WriteConstructor(SourceWriter writer)
    {
        writer.Write("");
        using (writer.Indented($"Friend Sub New(results As {BasicTypes.Results})", "End Sub"))
        {
            if (!Members.KeepsResults)
            {
                WriteCopies(writer);
                return;
            }
            writer.Write($"{ResultsField} = results");
            using (writer.Indented("Try"))
                WriteCopies(writer);
            writer.Write("""
                Catch
                    results.Dispose()
                    Throw
                End Try
                """);
        }
    }

    private void WriteCopies(SourceWriter writer)
    {
        for (int output = 0; output < signature.Outputs.Count; output++)
        {
            TensorSignature tensor = signature.Outputs[output];
            if (BasicTypes.ElementOf(tensor) is not { } element)
                continue;
            string copy = tensor.ElementType == OnnxElementType.String
                ? "GetStringTensorAsArray()"
                : $"GetTensorDataAsSpan(Of {element})().ToArray()";
            writer.Write($"Me.{Name(output)} = results({output}).{copy}");
            writer.Write($"Me.{Members.Shapes[output]} = results({output}).GetTensorTypeAndShape().Shape");
        }
    }

    private void WriteProperties(SourceWriter writer, int output)
    {
        TensorSignature tensor = signature.Outputs[output];
        writer.WriteMember($"''' <summary>{OutputMembers.Describe(tensor)}</summary>");
        if (BasicTypes.ElementOf(tensor) is not { } element)
        {
            writer.Write($"""
                Public ReadOnly Property {Name(output)} As {BasicTypes.OrtValue}
                    Get
                        Return {ResultsField}({output})
                    End Get
                End Property
                """);
            return;
        }
        writer.Write($"Public ReadOnly Property {Name(output)} As {element}()");
        writer.WriteMember($"""
            ''' <summary>Shape of <see cref="{Members.Elements[output]}"/>.</summary>
            Public ReadOnly Property {Members.Shapes[output]} As Global.System.Int64()
            """);
    }

    private string Name(int output) => VisualBasicIdentifiers.Escape(Members.Elements[output]);
}
