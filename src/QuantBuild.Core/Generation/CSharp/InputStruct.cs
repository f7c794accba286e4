using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the structure of all inputs of a run, for who would rather name them than count them, and the overload that takes it.</summary>
internal sealed class InputStruct
{
    private readonly LoaderModel model;
    private readonly DimensionPlan plan;
    private readonly RunNames names;
    private readonly InputText inputs;
    private readonly string[] inputProperties;
    private readonly string[] shapeProperties;
    private readonly string[] dimensionProperties;

    public InputStruct(LoaderModel model, DimensionPlan plan)
    {
        this.model = model;
        this.plan = plan;
        names = new RunNames(model.Signature, plan, new NameScope(StringComparer.Ordinal));
        inputs = new InputText(model.Signature, names);
        Name = CSharpIdentifiers.Escape(model.ClassName + "Input");
        NameScope scope = new(StringComparer.Ordinal, [model.ClassName + "Input", .. OutputMembers.InheritedMembers]);
        inputProperties = [.. names.Inputs.Select(name => scope.Take(Property(name)))];
        shapeProperties = [.. names.Shapes.OfType<string>().Select(name => scope.Take(Property(name)))];
        dimensionProperties = [.. plan.Parameters.Select(dimension => scope.Take(Property(names[dimension])))];
    }

    /// <summary>As the source has it.</summary>
    private string Name { get; }

    private bool IsNeeded => model.Signature.Inputs.Count > 0;

    public void WriteRun(SourceWriter writer, string outputClass)
    {
        if (!IsNeeded)
            return;
        string arguments = string.Join(", ", Properties().Select(property => "input." + property));
        writer.WriteMember($$"""
            /// <summary>Runs the model once. May be called from several threads at the same time.</summary>
            /// <param name="input">All inputs of the run.</param>
            /// <param name="cancellationToken">Ends the run early.</param>
            /// <exception cref="{{RuntimeTypes.ArgumentException}}">The length of an input does not fit its shape.</exception>
            /// <exception cref="{{RuntimeTypes.OperationCanceledException}}">The call was cancelled before it was done.</exception>
            public {{outputClass}} Run(in {{Name}} input, {{RuntimeTypes.CancellationToken}} cancellationToken = default({{RuntimeTypes.CancellationToken}}))
            {
                return Run({{arguments}}, cancellationToken);
            }
            """);
    }

    public void Write(SourceWriter writer, string visibility)
    {
        if (!IsNeeded)
            return;
        writer.WriteMember($"/// <summary>The inputs of one run of <c>{model.ClassName}</c>.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} readonly ref struct {Name}"))
        {
            WriteConstructor(writer);
            for (int input = 0; input < inputProperties.Length; input++)
                WriteProperty(writer, RunDocumentation.Describe(model.Signature.Inputs[input]), inputs.TypeOf(input, RuntimeTypes.ReadOnlySpan), inputProperties[input]);
            foreach (string shape in shapeProperties)
                WriteProperty(writer, "A shape that the model leaves open.", RuntimeTypes.ReadOnlySpan + "<long>", shape);
            for (int dimension = 0; dimension < dimensionProperties.Length; dimension++)
                WriteProperty(writer, RunDocumentation.Describe(plan.Parameters[dimension], names), "long", dimensionProperties[dimension]);
        }
    }

    private void WriteConstructor(SourceWriter writer)
    {
        string[] parameters =
        [
            .. names.Inputs.Select((_, input) => $"{inputs.TypeOf(input, RuntimeTypes.ReadOnlySpan)} {inputs.Parameter(input)}"),
            .. names.Shapes.OfType<string>().Select(shape => $"{RuntimeTypes.ReadOnlySpan}<long> {shape}"),
            .. plan.Parameters.Select(dimension => $"long {CSharpIdentifiers.Escape(names[dimension])}"),
        ];
        string[] values =
        [
            .. names.Inputs.Select(CSharpIdentifiers.Escape),
            .. names.Shapes.OfType<string>(),
            .. plan.Parameters.Select(dimension => CSharpIdentifiers.Escape(names[dimension])),
        ];
        writer.Write("/// <summary>Keeps what it is given; lengths are checked by the run.</summary>");
        foreach (string line in RunDocumentation.Parameters(model.Signature, plan, names))
            writer.Write("/// " + line);
        using (writer.Block($"public {Name}({string.Join(", ", parameters)})"))
        {
            foreach ((string property, string value) in Properties().Zip(values))
                writer.Write($"{property} = {value};");
        }
    }

    private static void WriteProperty(SourceWriter writer, string summary, string type, string name) => writer.WriteMember($$"""
        /// <summary>{{summary}}</summary>
        public {{type}} {{name}} { get; }
        """);

    private IEnumerable<string> Properties() => [.. inputProperties, .. shapeProperties, .. dimensionProperties];

    private static string Property(string parameter) => char.ToUpperInvariant(parameter[0]) + parameter[1..];
}
