using QuantBuild.Onnx;

namespace QuantBuild.Preparation.Facts;

/// <summary>What follows from a graph alone about the shapes of its values and about its shape arithmetic, whatever the input.</summary>
/// <remarks>Shapes start at the inputs as the file declares them, which runtimes enforce; declared types of inner values are used only
/// behind operators without a rule here. Declarations in bodies, and of what control flow gives back, are not trusted: exporters write
/// the shape of the iteration that they saw.</remarks>
internal sealed class StaticFacts
{
    private readonly OnnxGraph graph;
    private readonly StaticFacts? outer;
    private readonly Dictionary<string, SymbolicInteger[]> shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IntegerTensor> values = new(StringComparer.Ordinal);
    private int symbols;

    private StaticFacts(OnnxGraph graph, StaticFacts? outer)
    {
        this.graph = graph;
        this.outer = outer;
        symbols = outer?.symbols ?? 0;
    }

    public static StaticFacts Of(PassContext context) => Of(context.Graph);

    public static StaticFacts Of(OnnxGraph graph)
    {
        bool isBody = graph.Outer is not null;
        var facts = new StaticFacts(graph, graph.Outer is { } outer ? Of(outer) : null);
        if (!isBody)
            foreach (string input in graph.InputNames)
                facts.LearnDeclared(input);
        foreach (OnnxNode node in graph.Nodes)
            facts.Learn(node, trustsDeclarations: !isBody && node.Subgraphs.Count == 0);
        return facts;
    }

    /// <returns>Null when not even the rank is known.</returns>
    public SymbolicInteger[]? ShapeOf(string? value)
    {
        if (value is null)
            return null;
        if (!shapes.TryGetValue(value, out SymbolicInteger[]? shape) && graph.InitializerOf(value) is { } constant)
            shapes.Add(value, shape = [.. constant.Shape]);
        return shape ?? (outer is null || graph.IsOwn(value) ? null : outer.ShapeOf(value));
    }

    public int? RankOf(string? value) => ShapeOf(value)?.Length;

    /// <returns>Null when the value is not a small tensor of integers.</returns>
    public IntegerTensor? ValueOf(string? value) =>
        value is null ? null
        : values.GetValueOrDefault(value) ?? IntegerTensor.From(graph.InitializerOf(value))
            ?? (outer is null || graph.IsOwn(value) ? null : outer.ValueOf(value));

    /// <summary>Integers that a node has as an attribute or, in newer opsets, as an input; null when absent or not known.</summary>
    public long[]? Integers(OnnxNode node, string attribute, int input) =>
        node.GetInts(attribute) is { } ints ? [.. ints] : ValueOf(node.Input(input)) is { IsKnown: true } tensor ? tensor.Known : null;

    public SymbolicInteger NewDimension() => new(0, ++symbols);

    public SymbolicInteger NewInteger() => new(0, -++symbols);

    public SymbolicInteger[] NewShape(int rank) => [.. Enumerable.Range(0, rank).Select(_ => NewDimension())];

    private void Learn(OnnxNode node, bool trustsDeclarations)
    {
        if (node.Domain.Length == 0 && ValueRules.Apply(node, this) is { } value)
        {
            values.Add(node.Outputs[0], value);
            shapes.Add(node.Outputs[0], [.. value.Shape]);
            return;
        }
        IReadOnlyList<SymbolicInteger[]?> outputs = node.Domain.Length == 0 ? ShapeRules.Apply(node, this) : [];
        for (int i = 0; i < node.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0)
                if (i < outputs.Count && outputs[i] is { } shape)
                    shapes[node.Outputs[i]] = shape;
                else if (trustsDeclarations)
                    LearnDeclared(node.Outputs[i]);
    }

    private void LearnDeclared(string value)
    {
        if (graph.DeclaredTypeOf(value)?.Shape is { } declared)
            shapes[value] = [.. declared.Select(dimension => dimension.Value ?? NewDimension())];
    }
}
