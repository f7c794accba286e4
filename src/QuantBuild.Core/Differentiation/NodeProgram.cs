using QuantBuild.Differentiation.Operators;
using QuantBuild.Onnx;

namespace QuantBuild.Differentiation;

/// <summary>A part of a graph that can be run, and along which an error can go back.</summary>
internal sealed class NodeProgram
{
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly List<string> names = [];
    private readonly List<Step> steps = [];
    private readonly Dictionary<string, DenseTensor> constants = new(StringComparer.Ordinal);

    private NodeProgram(IReadOnlyList<string> inputs, string output)
    {
        Inputs = inputs;
        Output = output;
    }

    public IReadOnlyList<string> Inputs { get; }

    public string Output { get; }

    /// <summary>Float constants that the nodes read, as the graph has them.</summary>
    public IReadOnlyDictionary<string, DenseTensor> Constants => constants;

    internal IReadOnlyList<Step> Steps => steps;

    internal int SlotCount => names.Count;

    /// <param name="nodes">Of one graph, each behind the producers of what it reads.</param>
    /// <param name="inputs">Float values that are given.</param>
    /// <param name="activations">Values that are read rounded.</param>
    /// <exception cref="NotDifferentiableException">A node has no gradient; the message names it.</exception>
    public static NodeProgram Of(
        IReadOnlyList<OnnxNode> nodes,
        OnnxGraph graph,
        IReadOnlyList<string> inputs,
        string output,
        IReadOnlyDictionary<string, ActivationGrid>? activations = null)
    {
        var program = new NodeProgram(inputs, output);
        var known = new HashSet<string>(inputs, StringComparer.Ordinal);
        foreach (string input in inputs)
            program.AddRounding(input, activations);
        foreach (OnnxNode node in nodes)
        {
            program.Add(node, graph, known);
            foreach (string value in node.Outputs.Where(value => value.Length > 0))
            {
                known.Add(value);
                program.AddRounding(value, activations);
            }
        }
        program.Resolve(output);
        return program;
    }

    /// <summary>Name of the constant that is the scale of an activation.</summary>
    public static string ScaleOf(string value) => $"{value}:scale";

    internal int SlotOf(string name) => slots[name];

    private static string Rounded(string value) => $"{value}:rounded";

    private void Add(OnnxNode node, OnnxGraph graph, HashSet<string> known)
    {
        try
        {
            DifferentiableOperator operation = OperatorTable.Make(node, graph);
            var inputs = new int[node.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = node.Input(i) is { } name ? InputSlot(name, graph, known) : -1;
            steps.Add(new Step(operation, inputs, [.. node.Outputs.Select(value => value.Length > 0 ? Slot(value) : -1)]));
        }
        catch (NotDifferentiableException exception)
        {
            throw new NotDifferentiableException($"{node} cannot be learned through: {exception.Message}");
        }
    }

    private int InputSlot(string name, OnnxGraph graph, HashSet<string> known)
    {
        if (known.Contains(name))
            return Slot(slots.ContainsKey(Rounded(name)) ? Rounded(name) : name);
        switch (graph.InitializerOf(name))
        {
            case { ElementType: OnnxElementType.Float } constant:
                if (!constants.ContainsKey(name))
                    constants.Add(name, new DenseTensor([.. constant.Shape.Select(dimension => (int)dimension)], constant.Floats.ToArray()));
                return Slot(name);
            case { ElementType: OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Bool }:
                return -1;
            default:
                throw new NotDifferentiableException($"'{name}' is neither an input nor a float constant");
        }
    }

    private void AddRounding(string value, IReadOnlyDictionary<string, ActivationGrid>? activations)
    {
        int slot = Slot(value);
        if (activations is null || !activations.TryGetValue(value, out ActivationGrid? grid))
            return;
        constants.Add(ScaleOf(value), new DenseTensor([1], [grid.Scale]));
        steps.Add(new Step(
            new FakeQuantizeOperator(grid.ZeroPoint, grid.Lowest, grid.Highest, grid.Keep), [slot, Slot(ScaleOf(value))], [Slot(Rounded(value))]));
    }

    /// <summary>What leaves the part is rounded by who reads it.</summary>
    private void Resolve(string output)
    {
        if (!slots.ContainsKey(output))
            throw new NotDifferentiableException($"no node gives '{output}'");
    }

    private int Slot(string name)
    {
        if (slots.TryGetValue(name, out int slot))
            return slot;
        slots.Add(name, names.Count);
        names.Add(name);
        return names.Count - 1;
    }

    /// <param name="Inputs">Slots; −1 for one that is left out or no float.</param>
    internal sealed record Step(DifferentiableOperator Operator, int[] Inputs, int[] Outputs);
}

/// <summary>Codes that an activation is rounded to.</summary>
/// <param name="Keep">Part of the elements that stay as they are while something is learned.</param>
internal sealed record ActivationGrid(float Scale, int ZeroPoint, int Lowest, int Highest, float Keep = 0);
