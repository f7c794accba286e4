using QuantBuild.Onnx;

namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes the method <c>Run</c>. Inputs are arrays, which the runtime reads where they are.</summary>
internal sealed class RunMethod
{
    private readonly ModelSignature signature;
    private readonly DimensionPlan plan;
    private readonly RunNames names;
    private readonly OutputMembers outputs;

    public RunMethod(LoaderModel model, OutputMembers outputs)
    {
        signature = model.Signature;
        this.outputs = outputs;
        plan = DimensionPlan.For(signature);

        // A parameter or variable hides what it is called like, and none may be called like its function.
        string[] reserved = ["Run", model.ClassName, outputs.ClassName, "InputNames", "OutputNames", .. ClassNames.Helpers];
        names = new RunNames(signature, plan, new NameScope(VisualBasicGenerator.Comparer, reserved));
    }

    public void Write(SourceWriter writer)
    {
        writer.Write("");
        foreach (string line in RunDocumentation.Of(signature, plan, names, "Global."))
            writer.Write("''' " + line);
        string result = VisualBasicIdentifiers.Escape(outputs.ClassName);
        using (writer.Indented($"Public Function Run({string.Join(", ", Parameters())}) As {result}", "End Function"))
        {
            writer.Write($"{names.Token}.ThrowIfCancellationRequested()");
            writer.Write($"Dim {names.Session} As {BasicTypes.Session} = Me.Enter()");
            writer.Write($"Dim {names.Values} As {BasicTypes.OrtValue}() = New {BasicTypes.OrtValue}({signature.Inputs.Count - 1}) {{}}");
            using (writer.Indented("Try"))
            {
                WriteDimensions(writer);
                for (int input = 0; input < signature.Inputs.Count; input++)
                    WriteValue(writer, input);
                WriteCall(writer, result);
            }
            using (writer.Indented("Finally", "End Try"))
            {
                for (int input = 0; input < signature.Inputs.Count; input++)
                {
                    if (ElementTypes.AreKnown(signature.Inputs[input]))
                        writer.Write($"If {names.Values}({input}) IsNot Nothing Then {names.Values}({input}).Dispose()");
                }
                writer.Write("Me.Leave()");
            }
        }
        WriteRunSession(writer);
    }

    private IEnumerable<string> Parameters() =>
    [
        .. names.Inputs.Select((name, input) => $"{VisualBasicIdentifiers.Escape(name)} As {ParameterType(input)}"),
        .. names.Shapes.OfType<string>().Select(name => $"{name} As Global.System.Int64()"),
        .. plan.Parameters.Select(dimension => $"{VisualBasicIdentifiers.Escape(names[dimension])} As Global.System.Int64"),
        $"Optional {names.Token} As {BasicTypes.CancellationToken} = Nothing",
    ];

    private string ParameterType(int input) =>
        BasicTypes.ElementOf(signature.Inputs[input]) is { } element ? element + "()" : BasicTypes.OrtValue;

    private void WriteDimensions(SourceWriter writer)
    {
        foreach (InferredDimension inferred in plan.Inferred)
        {
            string length = $"LengthOf({Parameter(inferred.Input)}, {ParameterName(inferred.Input)})";
            string arguments = $"{length}, {ShapeOf(inferred.Input, inferred.Dimension)}, {Texts(inferred.Input)}";
            writer.Write($"Dim {VisualBasicIdentifiers.Escape(names[inferred.Dimension])} As Global.System.Int64 = InferDimension({arguments})");
        }
    }

    private void WriteValue(SourceWriter writer, int input)
    {
        string value = $"{names.Values}({input})";
        if (!ElementTypes.AreKnown(signature.Inputs[input]))
        {
            writer.Write($"If {Parameter(input)} Is Nothing Then Throw New {BasicTypes.ArgumentNullException}({ParameterName(input)})");
            writer.Write($"{value} = {Parameter(input)}");
            return;
        }
        TensorSignature tensor = signature.Inputs[input];
        string shape = names.Shapes[input] is { } given ? given : ShapeOf(input, except: null);
        string arguments = $"{Parameter(input)}, {shape}, {Texts(input)}";

        // The language has no way to say that a type parameter is unmanaged, so that this is no method of its own.
        writer.Write(tensor.ElementType == OnnxElementType.String
            ? $"{value} = CreateStringTensor({arguments})"
            : $"{value} = {BasicTypes.OrtValue}.CreateTensorValueFromMemory(Of {BasicTypes.ElementOf(tensor)})({Parameter(input)}, CheckedShape({arguments}))");
    }

    private void WriteCall(SourceWriter writer, string result)
    {
        string run = $"RunSession({names.Session}, {names.Values}, {names.Token})";
        if (outputs.KeepsResults)
        {
            writer.Write($"Return New {result}({run})");
            return;
        }
        using (writer.Indented($"Using {names.Results} As {BasicTypes.Results} = {run}", "End Using"))
            writer.Write($"Return New {result}({names.Results})");
    }

    private static void WriteRunSession(SourceWriter writer) => writer.WriteMember($"""
        Private Shared Function RunSession(
            session As {BasicTypes.Session}, values As {BasicTypes.OrtValue}(), cancellationToken As {BasicTypes.CancellationToken}) As {BasicTypes.Results}
            Using options As New {BasicTypes.RunOptions}()
                Using cancellationToken.Register(Sub() options.Terminate = True)
                    Try
                        Return session.Run(options, InputNames, values, OutputNames)
                    Catch problem As {BasicTypes.OnnxRuntimeException} When cancellationToken.IsCancellationRequested
                        Throw New {BasicTypes.OperationCanceledException}({VisualBasicLiteral.Of(LoaderText.Cancelled)}, problem, cancellationToken)
                    End Try
                End Using
            End Using
        End Function
        """);

    private string ShapeOf(int input, UnknownDimension? except)
    {
        string[] dimensions = InputShapes.Dimensions(
            signature, input, names, (VisualBasicIdentifiers.Escape, VisualBasicLiteral.Of), except);
        return $"New Global.System.Int64() {{{string.Join(", ", dimensions)}}}";
    }

    private string Parameter(int input) => VisualBasicIdentifiers.Escape(names.Inputs[input]);

    private string ParameterName(int input) => VisualBasicLiteral.Of(names.Inputs[input]);

    private string Texts(int input) => $"{VisualBasicLiteral.Of(InputShapes.Describe(signature.Inputs[input]))}, {ParameterName(input)}";
}
