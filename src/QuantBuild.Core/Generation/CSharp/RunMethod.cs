using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the method <c>Run</c> and the two lists of names that it gives to the runtime.</summary>
internal sealed class RunMethod
{
    private readonly ModelSignature signature;
    private readonly DimensionPlan plan;
    private readonly RunNames names;
    private readonly OutputClass output;

    public RunMethod(ModelSignature signature, DimensionPlan plan, OutputClass output)
    {
        this.signature = signature;
        this.output = output;
        this.plan = plan;
        names = new RunNames(signature, plan, new NameScope(StringComparer.Ordinal));
    }

    public static void WriteNameLists(SourceWriter writer, ModelSignature signature)
    {
        string inputs = CSharpLiteral.ArrayOf(signature.Inputs.Select(input => input.Name));
        string outputs = CSharpLiteral.ArrayOf(signature.Outputs.Select(output => output.Name));
        writer.Write($"private static readonly string[] InputNames = {inputs};");
        writer.Write($"private static readonly string[] OutputNames = {outputs};");
    }

    /// <summary>The same method for an object that runs it on one of several.</summary>
    /// <param name="write">Gets free names for variables, what is to be called, and the type of what that gives.</param>
    public void WriteForwarding(SourceWriter writer, Action<NameScope, string, string> write)
    {
        NameScope free = new(StringComparer.Ordinal, [.. names.Inputs, .. names.Shapes.OfType<string>(), .. plan.Parameters.Select(dimension => names[dimension])]);
        using (WriteHeader(writer))
            write(free, $"Run({string.Join(", ", Arguments())})", output.Name);
    }

    private IDisposable WriteHeader(SourceWriter writer)
    {
        writer.Write("");
        foreach (string line in RunDocumentation.Of(signature, plan, names, RuntimeTypes.ArgumentException))
            writer.Write("/// " + line);
        return writer.Block($"public {output.Name} Run({string.Join(", ", Parameters())})");
    }

    public void Write(SourceWriter writer)
    {
        using (WriteHeader(writer))
        {
            string count = CSharpLiteral.Of(signature.Inputs.Count);
            writer.Write($"{RuntimeTypes.Session} {names.Session} = Enter();");
            writer.Write($"{RuntimeTypes.OrtValue}[] {names.Values} = new {RuntimeTypes.OrtValue}[{count}];");
            using (writer.Block("try"))
            {
                WriteDimensions(writer);
                WriteValues(writer);
                WriteCall(writer, output, (names.Session, names.Options, names.Values, names.Results));
            }
            using (writer.Block("finally"))
            {
                for (int input = 0; input < signature.Inputs.Count; input++)
                {
                    if (ElementOf(input) is not null)
                        writer.Write($"{names.Values}[{CSharpLiteral.Of(input)}]?.Dispose();");
                }
                writer.Write("Leave();");
            }
        }
    }

    private IEnumerable<string> Parameters() =>
    [
        .. names.Inputs.Select((name, input) => $"{ParameterType(input)} {CSharpIdentifiers.Escape(name)}"),
        .. names.Shapes.OfType<string>().Select(name => $"{RuntimeTypes.ReadOnlySpan}<long> {name}"),
        .. plan.Parameters.Select(dimension => $"long {CSharpIdentifiers.Escape(names[dimension])}"),
    ];

    private IEnumerable<string> Arguments() => names.Inputs.Concat(names.Shapes.OfType<string>()).Concat(plan.Parameters.Select(dimension => names[dimension]))
        .Select(CSharpIdentifiers.Escape);

    private string ParameterType(int input) =>
        ElementOf(input) is { } element ? $"{RuntimeTypes.ReadOnlySpan}<{element}>" : RuntimeTypes.OrtValue;

    private void WriteDimensions(SourceWriter writer)
    {
        foreach (InferredDimension inferred in plan.Inferred)
        {
            int input = inferred.Input;
            string variable = CSharpIdentifiers.Escape(names[inferred.Dimension]);
            string others = ShapeOf(input, except: inferred.Dimension);
            writer.Write($"long {variable} = InferDimension({Parameter(input)}.Length, {others}, {Description(input)}, {ParameterName(input)});");
        }
    }

    private void WriteValues(SourceWriter writer)
    {
        for (int input = 0; input < signature.Inputs.Count; input++)
            writer.Write($"{names.Values}[{CSharpLiteral.Of(input)}] = {ValueOf(input)};");
    }

    private string ValueOf(int input)
    {
        if (ElementOf(input) is not { } element)
            return $"{Parameter(input)} ?? throw new {RuntimeTypes.ArgumentNullException}({ParameterName(input)})";
        string arguments = $"{Description(input)}, {ParameterName(input)}";
        if (element == "string")
            return $"CreateStringTensor({Parameter(input)}, {ShapeOf(input)}, {arguments})";
        string type = $"{RuntimeTypes.TensorElementType}.{signature.Inputs[input].ElementType}";
        return $"CreateTensor({Parameter(input)}, {ShapeOf(input)}, {type}, {arguments})";
    }

    /// <summary>Writes the call of the session and the return of its outputs.</summary>
    /// <param name="variables">Names of the session and the array of inputs, and for the options and the results.</param>
    public static void WriteCall(SourceWriter writer, OutputClass output, (string Session, string Options, string Values, string Results) variables)
    {
        string run = $"{variables.Session}.Run({variables.Options}, InputNames, {variables.Values}, OutputNames)";
        using (writer.Block($"using ({RuntimeTypes.RunOptions} {variables.Options} = new {RuntimeTypes.RunOptions}())"))
        {
            if (output.KeepsResults)
            {
                writer.Write($"return new {output.Name}({run});");
                return;
            }
            using (writer.Block($"using ({RuntimeTypes.Results} {variables.Results} = {run})"))
                writer.Write($"return new {output.Name}({variables.Results});");
        }
    }

    private string ShapeOf(int input, UnknownDimension? except = null)
    {
        if (names.Shapes[input] is { } shape)
            return shape + ".ToArray()";
        string[] dimensions = InputShapes.Dimensions(signature, input, names, (CSharpIdentifiers.Escape, CSharpLiteral.Of), except);
        return dimensions.Length == 0 ? "new long[0]" : $"new long[] {{ {string.Join(", ", dimensions)} }}";
    }

    private string? ElementOf(int input) => RuntimeTypes.ElementOf(signature.Inputs[input].ElementType);

    private string Parameter(int input) => CSharpIdentifiers.Escape(names.Inputs[input]);

    private string ParameterName(int input) => CSharpLiteral.Of(names.Inputs[input]);

    private string Description(int input) => CSharpLiteral.Of(InputShapes.Describe(signature.Inputs[input]));
}
