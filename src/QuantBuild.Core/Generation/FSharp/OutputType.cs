using QuantBuild.Onnx;

namespace QuantBuild.Generation.FSharp;

/// <summary>
/// Writes the type of the outputs. Tensors are copied into arrays, so that nothing needs to be disposed; only with outputs that have no .NET
/// type does it keep values of the runtime, and is disposable.
/// </summary>
internal static class OutputType
{
    public static void Write(SourceWriter writer, LoaderModel model, OutputMembers members)
    {
        IReadOnlyList<TensorSignature> outputs = model.Signature.Outputs;
        writer.Write($"/// <summary>{members.Summary(model.ClassName)}</summary>");
        writer.Write(FSharpGenerator.GeneratedCodeAttribute);
        writer.Write("[<global.Microsoft.FSharp.Core.Sealed>]");
        string name = FSharpIdentifiers.Escape(members.ClassName);
        using (writer.Indented($"type {FSharpGenerator.Visibility(model)}{name} internal (results: {FSharpTypes.Results}) ="))
        {
            for (int output = 0; output < outputs.Count; output++)
                WriteCopies(writer, outputs[output], FSharpLiteral.Of(output));
            for (int output = 0; output < outputs.Count; output++)
                WriteMembers(writer, outputs[output], members, output);
            if (members.KeepsResults)
            {
                writer.WriteMember($"""
                    /// <summary>{LoaderText.DisposeOutputs}</summary>
                    member _.Dispose() : unit = results.Dispose()

                    interface {FSharpTypes.Disposable} with
                        member this.Dispose() = this.Dispose()
                    """);
            }
        }
    }

    private static void WriteCopies(SourceWriter writer, TensorSignature tensor, string index)
    {
        if (FSharpTypes.ElementOf(tensor) is not { } element)
            return;
        string copy = tensor.ElementType == OnnxElementType.String
            ? "GetStringTensorAsArray()"
            : $"GetTensorDataAsSpan<{element}>().ToArray()";
        writer.Write($"let elements{index} = results.[{index}].{copy}");
        writer.Write($"let shape{index} = results.[{index}].GetTensorTypeAndShape().Shape");
    }

    private static void WriteMembers(SourceWriter writer, TensorSignature tensor, OutputMembers members, int output)
    {
        string index = FSharpLiteral.Of(output);
        writer.WriteMember($"/// <summary>{OutputMembers.Describe(tensor)}</summary>");
        if (FSharpTypes.ElementOf(tensor) is not { } element)
        {
            writer.Write($"member _.{members.Elements[output]} : {FSharpTypes.OrtValue} = results.[{index}]");
            return;
        }
        writer.Write($"member _.{members.Elements[output]} : {element}[] = elements{index}");
        writer.WriteMember($"""
            /// <summary>Shape of <c>{members.Elements[output]}</c>.</summary>
            member _.{members.Shapes[output]} : {FSharpTypes.Int64}[] = shape{index}
            """);
    }
}
