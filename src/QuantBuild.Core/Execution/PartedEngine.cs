using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Runs large models part by part: every run loads one part after the other, so that memory never holds the weights of all.</summary>
internal sealed class PartedEngine(IInferenceEngine engine) : IInferenceEngine
{
    /// <summary>Smaller models run as a whole.</summary>
    public const long FewestBytes = 512L << 20;

    public EngineIdentity Identity => engine.Identity;

    public IInferenceSession Open(ModelImage model) =>
        model.SizeBytes > FewestBytes && ModelParts.Of(model, PartedRun.PartBytes) is { Parts.Count: > 1 } parts
            ? new PartedSession(engine, model, parts)
            : engine.Open(model);

    /// <inheritdoc/>
    /// <remarks>As a whole: fusions cross borders of parts.</remarks>
    public byte[] Optimize(ModelImage model) => engine.Optimize(model);
}

/// <summary>A model that runs in parts, and as a whole where it cannot be cut.</summary>
internal sealed class PartedSession(IInferenceEngine engine, ModelImage model, ModelParts parts) : IInferenceSession
{
    private readonly PartedRun run = new(engine, parts);
    private readonly HashSet<string> given = parts.Parts.SelectMany(part => part.Gives).ToHashSet(StringComparer.Ordinal);

    /// <summary>Null while parts do.</summary>
    private IInferenceSession? whole;

    /// <remarks>What comes too early is kept until the outputs before it have been shown.</remarks>
    public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
    {
        var early = new Dictionary<int, InputTensor>();
        int next = 0;
        RunConcurrently(inputs, outputs, (index, tensor) =>
        {
            if (index != next)
            {
                early.Add(index, new InputTensor(outputs[index], tensor.ElementType, tensor.Shape.ToArray(), tensor.Bytes.ToArray()));
                return;
            }
            visit(next++, tensor);
            while (early.Remove(next, out InputTensor? kept))
                visit(next++, new OutputTensor(kept.ElementType, [.. kept.Shape], kept.Bytes.Span));
        });
    }

    public void RunConcurrently(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit)
    {
        // A model may give an input or a constant back; and parts show once what is asked for twice.
        bool canRunInParts = outputs.All(given.Contains) && outputs.Distinct(StringComparer.Ordinal).Count() == outputs.Count;
        var shown = new HashSet<int>();
        if (whole is null && canRunInParts)
        {
            var index = outputs.Index().ToDictionary(output => output.Item, output => output.Index, StringComparer.Ordinal);
            try
            {
                foreach (IReadOnlyList<string> values in run.Run([.. outputs], 1, () => [inputs], (_, value, tensor) => visit(index[value], tensor)))
                    shown.UnionWith(values.Select(value => index[value]));
                return;
            }
            catch (NotCuttableException)
            {
            }
        }
        whole ??= engine.Open(model);
        int[] open = [.. Enumerable.Range(0, outputs.Count).Where(i => !shown.Contains(i))];
        whole.Run(inputs, [.. open.Select(i => outputs[i])], (i, tensor) => visit(open[i], tensor));
    }

    public void Dispose() => whole?.Dispose();
}
