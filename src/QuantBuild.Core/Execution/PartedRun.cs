using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Runs a model part by part, each over all batches before the next, so that the runtime holds the weights of one part at a time.</summary>
/// <remarks>What the runtime would fuse across a border it does not fuse, so that last bits may differ from those of the whole model.</remarks>
internal sealed class PartedRun(IInferenceEngine engine, ModelParts parts)
{
    /// <summary>Weights of a part.</summary>
    public const long PartBytes = 32L << 20;

    /// <summary>Runs the parts that the values need.</summary>
    /// <param name="values">Of the main graph, given by nodes.</param>
    /// <param name="batchCount">How many batches there are.</param>
    /// <param name="batches">The same ones whenever it is called; each is valid until the next one is asked for.</param>
    /// <param name="visit">Called once for every value and batch.</param>
    /// <returns>After each part the values that were shown for all batches. Nothing of the part is in memory then.</returns>
    /// <exception cref="InferenceException">The runtime refuses a part or fails, or a border cuts what is not a tensor of numbers.</exception>
    public IEnumerable<IReadOnlyList<string>> Run(
        IReadOnlyCollection<string> values, int batchCount, Func<IEnumerable<IReadOnlyList<InputTensor>>> batches, PartVisitor visit)
    {
        var wanted = values.ToHashSet(StringComparer.Ordinal);
        Step[] steps = Plan(wanted);
        using var aside = new PutAside();
        foreach (Step step in steps)
        {
            RunStep(step, wanted, aside, batchCount, batches, visit);
            foreach (string value in step.Ends)
                aside.Drop(value);
            yield return [.. step.Outputs.Where(wanted.Contains)];
        }
    }

    private void RunStep(
        Step step, HashSet<string> wanted, PutAside aside, int batchCount, Func<IEnumerable<IReadOnlyList<InputTensor>>> batches, PartVisitor visit)
    {
        OnnxModel model = parts.ToModel(step.Part, aside.TypeOf, step.Outputs);
        using IInferenceSession session = engine.Open(model.ToImage());
        int batch = 0;
        // Samples are read again only for the parts that read them.
        foreach (IReadOnlyList<InputTensor> given in step.FromModel.Length > 0 ? batches() : Enumerable.Repeat<IReadOnlyList<InputTensor>>([], batchCount))
        {
            int position = batch++;
            InputTensor[] inputs =
            [
                .. given.Where(input => step.FromModel.Contains(input.Name)), .. step.FromParts.Select(value => aside.Get(value, position)),
            ];
            RunBatch(session, step, wanted, aside, position, inputs, visit);
        }
    }

    /// <remarks>Kept values are taken first: where one cannot be, nothing of the part has been shown.</remarks>
    private static void RunBatch(
        IInferenceSession session, Step step, HashSet<string> wanted, PutAside aside, int batch, InputTensor[] inputs, PartVisitor visit) =>
        session.Run(inputs, step.Outputs, (index, tensor) =>
        {
            string value = step.Outputs[index];
            if (step.Kept.Contains(value))
            {
                if (tensor.ElementType is OnnxElementType.Undefined or OnnxElementType.String)
                    throw new NotCuttableException(value);
                aside.Add(value, batch, tensor);
            }
            if (wanted.Contains(value))
                visit(batch, value, tensor);
        });

    private Step[] Plan(HashSet<string> wanted)
    {
        var needed = new HashSet<string>(wanted, StringComparer.Ordinal);
        var given = parts.Parts.SelectMany(part => part.Gives).ToHashSet(StringComparer.Ordinal);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        var steps = new Stack<Step>();
        foreach (ModelPart part in parts.Parts.Reverse())
        {
            string[] outputs = [.. part.Gives.Where(needed.Contains).OrderByDescending(ended.Contains).ThenBy(name => name, StringComparer.Ordinal)];
            if (outputs.Length == 0)
                continue;
            string[] fromParts = [.. part.Inputs.Where(given.Contains)];
            var kept = outputs.Where(ended.Contains).ToHashSet(StringComparer.Ordinal);
            steps.Push(new Step(part, [.. part.Inputs.Except(fromParts, StringComparer.Ordinal)], fromParts, outputs, kept, [.. fromParts.Where(ended.Add)]));
            needed.UnionWith(fromParts);
        }
        return [.. steps];
    }

    /// <param name="FromModel">Inputs of the whole model that the part reads.</param>
    /// <param name="FromParts">What it reads of parts before.</param>
    /// <param name="Kept">Outputs that parts behind it read.</param>
    /// <param name="Ends">What no part behind it reads.</param>
    private sealed record Step(
        ModelPart Part, string[] FromModel, string[] FromParts, string[] Outputs, HashSet<string> Kept, string[] Ends);
}

/// <param name="batch">0 to the number of batches − 1.</param>
/// <param name="tensor">Valid only during the call.</param>
internal delegate void PartVisitor(int batch, string value, OutputTensor tensor);

/// <summary>A model has to run as a whole: a value between two parts is not a tensor of numbers.</summary>
internal sealed class NotCuttableException(string value) : Exception($"'{value}' is not a tensor of numbers.");
