using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the methods <c>Run</c>, <c>RunAsync</c> and <c>RunBatch</c>, and the two lists of names that they give to the runtime.</summary>
internal sealed class RunMethods
{
    private const string AsyncSummary =
        "Runs the model once on a thread of the pool. The inputs must stay as they are until the task is done; what is wrong with them, the task tells. "
        + "Cancelled before the start, nothing runs.";

    private readonly ModelSignature signature;
    private readonly DimensionPlan plan;
    private readonly RunNames names;
    private readonly OutputClass output;
    private readonly InputText inputs;

    public RunMethods(ModelSignature signature, DimensionPlan plan, OutputClass output)
    {
        this.signature = signature;
        this.output = output;
        this.plan = plan;
        names = new RunNames(signature, plan, new NameScope(StringComparer.Ordinal));
        inputs = new InputText(signature, names);
    }

    public static void WriteNameLists(SourceWriter writer, ModelSignature signature)
    {
        string inputs = CSharpLiteral.ArrayOf(signature.Inputs.Select(input => input.Name));
        string outputs = CSharpLiteral.ArrayOf(signature.Outputs.Select(output => output.Name));
        writer.Write($"private static readonly string[] InputNames = {inputs};");
        writer.Write($"private static readonly string[] OutputNames = {outputs};");
    }

    public void Write(SourceWriter writer)
    {
        WriteRun(writer);
        WriteRunAsync(writer);
        if (SampleAxis.FixedBatch(signature) is not null && !output.KeepsResults)
            WriteRunBatch(writer);
        WriteRunSession(writer);
    }

    /// <summary>Writes <c>Run</c> and <c>RunAsync</c> for a class that runs the model somewhere else.</summary>
    /// <param name="write">Gets free names for variables, what is to be called, and the type of what that gives.</param>
    public void WriteForwarding(SourceWriter writer, Action<NameScope, string, string> write)
    {
        string[] parameters = [.. names.Inputs, .. names.Shapes.OfType<string>(), .. plan.Parameters.Select(dimension => names[dimension]), names.Token];
        using (WriteRunHeader(writer))
            write(new NameScope(StringComparer.Ordinal, parameters), $"Run({string.Join(", ", parameters.Select(CSharpIdentifiers.Escape))})", output.Name);
        WriteRunAsync(writer);
    }

    /// <summary>Writes the call of the runtime and the return of its outputs.</summary>
    /// <param name="variables">Names of the session, the array of inputs and the token, and for the results.</param>
    public static void WriteCall(SourceWriter writer, OutputClass output, (string Session, string Values, string Token, string Results) variables)
    {
        string run = $"RunSession({variables.Session}, {variables.Values}, {variables.Token})";
        if (output.KeepsResults)
        {
            writer.Write($"return new {output.Name}({run});");
            return;
        }
        using (writer.Block($"using ({RuntimeTypes.Results} {variables.Results} = {run})"))
            writer.Write($"return new {output.Name}({variables.Results});");
    }

    private IDisposable WriteRunHeader(SourceWriter writer)
    {
        bool takesBatches = SampleAxis.FixedBatch(signature) is null && signature.Outputs.Any(tensor => SampleAxis.IsFirstOf(tensor, signature));
        WriteDocumentation(writer, takesBatches
            ? "Runs the model once, for one sample or a whole batch. May be called from several threads at the same time."
            : "Runs the model once. May be called from several threads at the same time.");
        return writer.Block($"public {output.Name} Run({Parameters(RuntimeTypes.ReadOnlySpan)})");
    }

    private void WriteRun(SourceWriter writer)
    {
        using (WriteRunHeader(writer))
        {
            string count = CSharpLiteral.Of(signature.Inputs.Count);
            writer.Write($"{names.Token}.ThrowIfCancellationRequested();");
            writer.Write($"{RuntimeTypes.OrtValue}[] {names.Values} = new {RuntimeTypes.OrtValue}[{count}];");
            writer.Write($"{RuntimeTypes.Session} {names.Session} = Enter();");
            using (writer.Block("try"))
            {
                WriteDimensions(writer);
                WriteValues(writer);
                WriteCall(writer, output, (names.Session, names.Values, names.Token, names.Results));
            }
            using (writer.Block("finally"))
            {
                for (int input = 0; input < signature.Inputs.Count; input++)
                {
                    if (inputs.ElementOf(input) is not null)
                        writer.Write($"{names.Values}[{CSharpLiteral.Of(input)}]?.Dispose();");
                }
                writer.Write("Leave();");
            }
        }
    }

    private void WriteRunAsync(SourceWriter writer)
    {
        WriteDocumentation(writer, AsyncSummary);
        string[] arguments =
        [
            .. names.Inputs.Select((_, input) => inputs.ElementOf(input) is null ? inputs.Parameter(input) : inputs.Parameter(input) + ".Span"),
            .. names.Shapes.OfType<string>().Select(shape => shape + ".Span"),
            .. plan.Parameters.Select(dimension => CSharpIdentifiers.Escape(names[dimension])),
            names.Token,
        ];
        using (writer.Block($"public {RuntimeTypes.Task}<{output.Name}> RunAsync({Parameters(RuntimeTypes.ReadOnlyMemory)})"))
            writer.Write($"return {RuntimeTypes.Task}.Run(() => Run({string.Join(", ", arguments)}), {names.Token});");
    }

    /// <summary>For a model that takes a fixed number of samples: as often as the inputs have them.</summary>
    private void WriteRunBatch(SourceWriter writer)
    {
        WriteDocumentation(writer, "Runs the model for any number of samples, one run after another, and gives the outputs of each run. "
            + $"The length of every input is the same multiple of what one run takes, which is {CSharpLiteral.Of(SampleAxis.FixedBatch(signature)!.Value)} samples.");
        using (writer.Block($"public {output.Name}[] RunBatch({Parameters(RuntimeTypes.ReadOnlySpan)})"))
        {
            for (int input = 0; input < signature.Inputs.Count; input++)
            {
                string count = $"InferDimension({inputs.Parameter(input)}.Length, {inputs.ShapeOf(input)}, {inputs.Texts(input)})";
                if (input == 0)
                    writer.Write($"{output.Name}[] {names.Results} = new {output.Name}[{count}];");
                else
                    writer.Write($"CheckAgreement({count}, {names.Results}.Length, {inputs.Disagreement(0, input, "the number of runs")}, {inputs.ParameterName(input)});");
            }
            using (writer.Block($"for (int {names.Index} = 0; {names.Index} < {names.Results}.Length; {names.Index}++)"))
            {
                IEnumerable<string> slices = signature.Inputs.Select((tensor, input) => Slice(inputs.Parameter(input), tensor));
                writer.Write($"{names.Results}[{names.Index}] = Run({string.Join(", ", slices)}, {names.Token});");
            }
            writer.Write($"return {names.Results};");
        }
    }

    private string Slice(string parameter, TensorSignature tensor)
    {
        string length = CSharpLiteral.Of(tensor.Shape!.Aggregate(1L, (product, dimension) => product * dimension.Value!.Value));
        return $"{parameter}.Slice({names.Index} * {length}, {length})";
    }

    private static void WriteRunSession(SourceWriter writer)
    {
        writer.WriteMember($$"""
            private static {{RuntimeTypes.Results}} RunSession(
                {{RuntimeTypes.Session}} session, {{RuntimeTypes.OrtValue}}[] values, {{RuntimeTypes.CancellationToken}} cancellationToken)
            {
                using ({{RuntimeTypes.RunOptions}} options = new {{RuntimeTypes.RunOptions}}())
                using (cancellationToken.Register(Terminate, options))
                {
                    try
                    {
                        return session.Run(options, InputNames, values, OutputNames);
                    }
                    catch ({{RuntimeTypes.OnnxRuntimeException}} exception) when (cancellationToken.IsCancellationRequested)
                    {
                        throw new {{RuntimeTypes.OperationCanceledException}}({{CSharpLiteral.Of(LoaderText.Cancelled)}}, exception, cancellationToken);
                    }
                }
            }
            """);
        writer.WriteMember($$"""
            private static void Terminate(object options)
            {
                (({{RuntimeTypes.RunOptions}})options).Terminate = true;
            }
            """);
    }

    private void WriteDocumentation(SourceWriter writer, string summary)
    {
        writer.Write("");
        foreach (string line in RunDocumentation.Of(signature, plan, names, "global::", summary))
            writer.Write("/// " + line);
    }

    private string Parameters(string container) => string.Join(", ", (IEnumerable<string>)
    [
        .. names.Inputs.Select((_, input) => $"{inputs.TypeOf(input, container)} {inputs.Parameter(input)}"),
        .. names.Shapes.OfType<string>().Select(name => $"{container}<long> {name}"),
        .. plan.Parameters.Select(dimension => $"long {CSharpIdentifiers.Escape(names[dimension])}"),
        $"{RuntimeTypes.CancellationToken} {names.Token} = default({RuntimeTypes.CancellationToken})",
    ]);

    private void WriteDimensions(SourceWriter writer)
    {
        foreach (InferredDimension inferred in plan.Inferred)
        {
            int input = inferred.Input;
            string variable = CSharpIdentifiers.Escape(names[inferred.Dimension]);
            string others = inputs.ShapeOf(input, except: inferred.Dimension);
            writer.Write($"long {variable} = InferDimension({inputs.Parameter(input)}.Length, {others}, {inputs.Texts(input)});");
        }
    }

    private void WriteValues(SourceWriter writer)
    {
        for (int input = 0; input < signature.Inputs.Count; input++)
        {
            WriteAgreement(writer, input);
            writer.Write($"{names.Values}[{CSharpLiteral.Of(input)}] = {inputs.ValueOf(input)};");
        }
    }

    /// <summary>A dimension that the length of an earlier input told: what this input says, so that the message can name both.</summary>
    private void WriteAgreement(SourceWriter writer, int input)
    {
        if (plan.Inferred.Any(inferred => inferred.Input == input) || inputs.ElementOf(input) is null || signature.Inputs[input].Shape is not { } shape)
            return;
        UnknownDimension[] own = [.. Enumerable.Range(0, shape.Count).Select(axis => UnknownDimension.At(signature, input, axis)).OfType<UnknownDimension>()];
        foreach (InferredDimension inferred in plan.Inferred.Where(inferred => own.Count(dimension => dimension == inferred.Dimension) == 1))
        {
            string variable = CSharpIdentifiers.Escape(names[inferred.Dimension]);
            string what = $"the dimension '{DocumentationText.Plain(inferred.Dimension.Symbol ?? "")}'";
            string count = $"DividedLength({inputs.Parameter(input)}.Length, {inputs.ShapeOf(input, inferred.Dimension)}, {variable})";
            writer.Write($"CheckAgreement({count}, {variable}, {inputs.Disagreement(inferred.Input, input, what)}, {inputs.ParameterName(input)});");
        }
    }
}
