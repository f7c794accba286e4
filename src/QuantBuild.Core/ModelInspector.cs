using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Preparation;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Looks at a model and tells what quantizing it would do, without doing it.</summary>
internal sealed class ModelInspector(IInferenceEngine engine)
{
    public const string Integers = "integers";

    public const string Fused = "fused";

    public const string Dynamic = "dynamic";

    public const string Float = "float";

    /// <summary>Lengths of free axes that are tried, in this order, where nothing says what they are.</summary>
    private static readonly long[] Guesses = [1, 16, 64, 224, 640];

    /// <param name="settings">Scheme, objective and exclusions that hold for the placement.</param>
    /// <exception cref="QuantBuildException">The model cannot be brought into the form that is quantized.</exception>
    public ModelOverview Inspect(MeasuredModel measured, QuantizationSettings settings, DiagnosticBag problems)
    {
        OnnxModel model = measured.Model;
        string? quantizedBy = ModelChecker.FindQuantizedOperator(model);
        ModelSignature signature = model.Signature;
        return new ModelOverview(
            settings.DisplayPath,
            model.SizeBytes,
            model.Opset,
            quantizedBy,
            [.. signature.Inputs.Select(input => new ValueOverview(input.Name, input.ToString()))],
            [.. signature.Outputs.Select(output => new ValueOverview(output.Name, output.ToString()))],
            Operators(model),
            Constants(model),
            quantizedBy is null ? Place(measured, settings, problems) : null);
    }

    private static OperatorOverview[] Operators(OnnxModel model)
    {
        var counted = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. model.Graph.WithBodies
                .SelectMany(graph => graph.Nodes, (graph, node) => (Operator: NameOf(node), Parameters: ParametersOf(graph, node)))
                .GroupBy(node => node.Operator, StringComparer.Ordinal)
                .Select(group => new OperatorOverview(group.Key, group.Count(), group.Sum(node => node.Parameters)))
                .OrderByDescending(row => row.Nodes).ThenBy(row => row.Operator, StringComparer.Ordinal),
        ];

        long ParametersOf(OnnxGraph graph, OnnxNode node) => node.Inputs
            .Where(input => input.Length > 0 && graph.IsConstant(input) && counted.Add(input))
            .Sum(input => graph.InitializerOf(input)?.Length ?? 0)
            + (node.GetTensor("value")?.Length ?? 0);
    }

    private static string NameOf(OnnxNode node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static ConstantOverview[] Constants(OnnxModel model) =>
    [
        .. model.Graph.WithBodies
            .SelectMany(graph => graph.InitializerNames, (graph, name) => (Type: graph.InitializerTypeOf(name)!.Value, Tensor: graph.InitializerOf(name)))
            .Concat(model.Graph.WithBodies.SelectMany(graph => graph.Nodes).Where(node => node.Is("Constant"))
                .Select(node => node.GetTensor("value")).OfType<OnnxTensor>().Select(tensor => (Type: tensor.ElementType, Tensor: (OnnxTensor?)tensor)))
            .GroupBy(constant => constant.Type)
            .Select(group => (group.Key, Tensors: group.Count(), Elements: group.Sum(constant => constant.Tensor?.Length ?? 0)))
            .Select(row => new ConstantOverview(row.Key.DisplayName(), row.Tensors, row.Elements, row.Key.SizeBytes(row.Elements)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Type, StringComparer.Ordinal),
    ];

    private PlacementOverview Place(MeasuredModel measured, QuantizationSettings settings, DiagnosticBag problems)
    {
        var origin = new DiagnosticOrigin(settings.DisplayPath);
        OnnxModel prepared = ModelPreparer.Prepare(measured.Model, origin).Model;
        (TensorFacts facts, string basis, string? problem) = Observe(measured, prepared, settings);
        PlacementPlan plan = PlacementPlanner.Plan(prepared.Graph, facts, settings, origin, problems);
        var fates = new Dictionary<OnnxNode, (string Runs, string? Reason)>();
        foreach (PlannedNode planned in plan.Nodes)
        {
            fates.Add(planned.Node, (Integers, null));
            foreach (OnnxNode absorbed in planned.Absorbed)
                fates.TryAdd(absorbed, (Fused, $"part of {planned.Node.DisplayName}"));
        }
        foreach (DynamicNode dynamic in plan.DynamicNodes)
            fates.TryAdd(dynamic.Node, (Dynamic, null));
        foreach (FloatNode other in plan.FloatNodes)
            fates.TryAdd(other.Node, (Float, other.Reason));
        PlacedNode[] nodes =
        [
            .. prepared.Graph.WithBodies.SelectMany(graph => graph.Nodes).Select(node =>
            {
                (string runs, string? reason) = fates.GetValueOrDefault(node, (Float, "it is in the body of another node"));
                TensorFact? output = facts.Of(node.Outputs.FirstOrDefault(name => name.Length > 0));
                return new PlacedNode(
                    node.DisplayName, NameOf(node), runs, reason, output?.Shape, problem is null ? MultiplyAdds.Of(node, facts) : null);
            }),
        ];
        long total = nodes.Sum(node => node.MultiplyAdds ?? 0);
        long integer = nodes.Where(node => node.Runs is Integers or Dynamic).Sum(node => node.MultiplyAdds ?? 0);
        return new PlacementOverview(
            settings.Scheme.ToString(), basis, problem, total == 0 ? null : Math.Round((double)integer / total, 6), Group(nodes), nodes);
    }

    /// <summary>Nodes that became part of a kernel have each a reason of its own, and are one group.</summary>
    private static PlacementGroup[] Group(PlacedNode[] nodes) =>
    [
        .. nodes.GroupBy(node => (node.Runs, Reason: node.Runs == Fused ? null : node.Reason))
            .Select(group => new PlacementGroup(
                group.Key.Runs,
                group.Key.Reason,
                group.Count(),
                new SortedDictionary<string, int>(
                    group.GroupBy(node => node.Operator, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count()), StringComparer.Ordinal)))
            .OrderBy(group => Array.IndexOf([Integers, Fused, Dynamic, Float], group.Runs))
            .ThenByDescending(group => group.Nodes)
            .ThenBy(group => group.Reason, StringComparer.Ordinal),
    ];

    /// <summary>With samples the model must run. Without them it runs on made-up inputs where it can.</summary>
    private (TensorFacts Facts, string Basis, string? Problem) Observe(MeasuredModel measured, OnnxModel prepared, QuantizationSettings settings)
    {
        if (measured.Data is { } data)
        {
            try
            {
                return (ShapeProbe.Observe(prepared, ModelSamples.First(data), engine), PlacementOverview.FromData, null);
            }
            catch (InferenceException exception)
            {
                throw new QuantBuildException(
                    DiagnosticCatalogue.ModelDoesNotRun.At(measured.Job.Origin, settings.DisplayPath, exception.Message), exception);
            }
        }
        string problem = "";
        foreach (long guess in Guesses)
        {
            if (SyntheticSample.Of(prepared.Signature, 1, settings.DataShapes, guess, out string input) is not { } sample)
                return (TensorFacts.None, PlacementOverview.Unknown, $"the shape of the input {input} is not known");
            try
            {
                return (ShapeProbe.Observe(prepared, sample, engine), PlacementOverview.MadeUp, null);
            }
            catch (InferenceException exception)
            {
                problem = exception.Message;
            }
        }
        return (TensorFacts.None, PlacementOverview.Unknown, problem);
    }
}
