using QuantBuild.Onnx;

namespace QuantBuild.Generation.FSharp;

/// <summary>Writes the member <c>Run</c>. Inputs are arrays, which the runtime reads where they are.</summary>
internal sealed class RunMember
{
    private readonly ModelSignature signature;
    private readonly DimensionPlan plan;
    private readonly RunNames names;
    private readonly OutputMembers outputs;
    private readonly string type;

    public RunMember(LoaderModel model, OutputMembers outputs)
    {
        signature = model.Signature;
        this.outputs = outputs;
        type = FSharpIdentifiers.Escape(model.ClassName);
        plan = DimensionPlan.For(signature);

        // A parameter hides what it is called like.
        NameScope scope = new(StringComparer.Ordinal, "this", "raise", "reraise", "not", "global", "token", model.ClassName, outputs.ClassName);
        names = new RunNames(signature, plan, scope);
    }

    public void Write(SourceWriter writer)
    {
        WriteRunSession(writer);
        writer.Write("");
        foreach (string line in RunDocumentation.Of(signature, plan, names, "T:"))
            writer.Write("/// " + line);
        string result = FSharpIdentifiers.Escape(outputs.ClassName);
        using (writer.Indented($"member this.Run({string.Join(", ", Parameters())}) : {result} ="))
        {
            writer.Write($"let {names.Token} = match {names.Token} with | Some token -> token | None -> {FSharpTypes.CancellationToken}.None");
            writer.Write($"{names.Token}.ThrowIfCancellationRequested()");
            string zeroCreate = $"global.Microsoft.FSharp.Collections.Array.zeroCreate {FSharpLiteral.Of(signature.Inputs.Count)}";
            writer.Write($"let {names.Values}: {FSharpTypes.OrtValue}[] = {zeroCreate}");
            writer.Write($"let {names.Session} = this.Enter()");
            using (writer.Indented("try"))
            {
                WriteDimensions(writer);
                for (int input = 0; input < signature.Inputs.Count; input++)
                    WriteValue(writer, input);
                WriteCall(writer, result);
            }
            using (writer.Indented("finally"))
            {
                for (int input = 0; input < signature.Inputs.Count; input++)
                {
                    string value = $"{names.Values}.[{FSharpLiteral.Of(input)}]";
                    if (ElementTypes.AreKnown(signature.Inputs[input]))
                        writer.Write($"if not ({FSharpTypes.IsNull(value)}) then {value}.Dispose()");
                }
                writer.Write("this.Leave()");
            }
        }
    }

    private static void WriteRunSession(SourceWriter writer) => writer.WriteMember($"""
        static member private RunSession
            (session: {FSharpTypes.Session}, inputNames: {FSharpTypes.String}[], values: {FSharpTypes.OrtValue}[], outputNames: {FSharpTypes.String}[],
             cancellationToken: {FSharpTypes.CancellationToken}) : {FSharpTypes.Results} =
            use options = new {FSharpTypes.RunOptions}()
            use _registration = cancellationToken.Register(new global.System.Action(fun () -> options.Terminate <- true))
            try
                session.Run(options, inputNames, values, outputNames)
            with :? {FSharpTypes.OnnxRuntimeException} as error when cancellationToken.IsCancellationRequested ->
                raise (new {FSharpTypes.OperationCanceledException}({FSharpLiteral.Of(LoaderText.Cancelled)}, error, cancellationToken))
        """);

    private IEnumerable<string> Parameters() =>
    [
        .. names.Inputs.Select((name, input) => $"{FSharpIdentifiers.Escape(name)}: {ParameterType(input)}"),
        .. names.Shapes.OfType<string>().Select(name => $"{name}: {FSharpTypes.Int64}[]"),
        .. plan.Parameters.Select(dimension => $"{FSharpIdentifiers.Escape(names[dimension])}: {FSharpTypes.Int64}"),
        $"?{names.Token}: {FSharpTypes.CancellationToken}",
    ];

    private string ParameterType(int input) =>
        FSharpTypes.ElementOf(signature.Inputs[input]) is { } element ? element + "[]" : FSharpTypes.OrtValue;

    private void WriteDimensions(SourceWriter writer)
    {
        foreach (InferredDimension inferred in plan.Inferred)
        {
            string length = $"{type}.LengthOf({Parameter(inferred.Input)}, {ParameterName(inferred.Input)})";
            string arguments = $"{length}, {ShapeOf(inferred.Input, inferred.Dimension)}, {Texts(inferred.Input)}";
            writer.Write($"let {FSharpIdentifiers.Escape(names[inferred.Dimension])} = {type}.InferDimension({arguments})");
        }
    }

    private void WriteValue(SourceWriter writer, int input)
    {
        string value = $"{names.Values}.[{FSharpLiteral.Of(input)}]";
        if (!ElementTypes.AreKnown(signature.Inputs[input]))
        {
            writer.Write($"if {FSharpTypes.IsNull(Parameter(input))} then raise (new {FSharpTypes.ArgumentNullException}({ParameterName(input)}))");
            writer.Write($"{value} <- {Parameter(input)}");
            return;
        }
        string method = signature.Inputs[input].ElementType == OnnxElementType.String ? "CreateStringTensor" : "CreateTensor";
        string shape = names.Shapes[input] is { } given ? given : ShapeOf(input, except: null);
        writer.Write($"{value} <- {type}.{method}({Parameter(input)}, {shape}, {Texts(input)})");
    }

    private void WriteCall(SourceWriter writer, string result)
    {
        string inputNames = FSharpLiteral.ArrayOf(signature.Inputs.Select(input => input.Name));
        string outputNames = FSharpLiteral.ArrayOf(signature.Outputs.Select(output => output.Name));
        string run = $"{type}.RunSession({names.Session}, {inputNames}, {names.Values}, {outputNames}, {names.Token})";
        writer.Write($"{(outputs.KeepsResults ? "let" : "use")} {names.Results} = {run}");
        if (!outputs.KeepsResults)
        {
            writer.Write($"new {result}({names.Results})");
            return;
        }
        writer.Write($"""
            try
                new {result}({names.Results})
            with _ ->
                {names.Results}.Dispose()
                reraise ()
            """);
    }

    private string ShapeOf(int input, UnknownDimension? except)
    {
        string[] dimensions = InputShapes.Dimensions(signature, input, names, (FSharpIdentifiers.Escape, FSharpLiteral.Of), except);
        return $"[| {string.Join("; ", dimensions)} |]";
    }

    private string Parameter(int input) => FSharpIdentifiers.Escape(names.Inputs[input]);

    private string ParameterName(int input) => FSharpLiteral.Of(names.Inputs[input]);

    private string Texts(int input) => $"{FSharpLiteral.Of(InputShapes.Describe(signature.Inputs[input]))}, {ParameterName(input)}";
}
