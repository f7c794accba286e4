using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>Learns the weights of a model block after block, from samples that are not held out.</summary>
/// <param name="imageOf">The model with what a state has in place of its weights.</param>
internal sealed class BlockLearning(IInferenceEngine engine, ModelSamples samples, Func<LearnedState, ModelImage> imageOf, OnnxModel prepared, TensorFacts facts)
{
    /// <summary>Weights of one block: about a residual block or a layer of an encoder.</summary>
    private const int MostWeights = 6;

    /// <summary>Values of the samples of one block take at most so much.</summary>
    private const long MostBytes = 512L << 20;

    private const int MostSamples = 1024;

    /// <summary>More fit the samples better and others worse: at 3 bits, measured on a MobileNet, 1000 are worse than 200.</summary>
    private const int Iterations = 300;

    private const int IterationsOfTwoBits = 1000;

    public LowBitCodes Learn(LowBitCodes codes, CancellationToken cancellation)
    {
        OnnxGraph graph = prepared.Graph;
        HashSet<string> weights = codes.Weights.Keys.Where(key => key.Graph == graph).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        BlockPlan plan = BlockFinder.Find(graph, weights, MostWeights, value => facts.Of(value)?.Shape.Aggregate(1L, (product, dimension) => product * dimension) ?? 1);
        var start = new LearnedState(
            codes.Weights,
            codes.Biases.Where(bias => bias.Key.Graph == graph).ToDictionary(bias => bias.Key.Name, bias => bias.Value.Floats.ToArray(), StringComparer.Ordinal),
            new Dictionary<string, float>());
        int fewestBits = codes.Weights.Values.Min(weight => weight.Grid.Bits);
        var pace = new BlockSettings { Iterations = fewestBits <= 2 ? IterationsOfTwoBits : Iterations };
        SequenceResult learned = new BlockSequence(graph, pace).Learn(plan, start, Read, cancellation);
        return CodesOf(learned.State, graph).Over(codes);
    }

    /// <summary>What a state has in place of weights and other constants.</summary>
    public static LowBitCodes CodesOf(LearnedState state, OnnxGraph graph) => new(
        state.Weights,
        state.Constants.ToDictionary(constant => new ConstantKey(graph, constant.Key), constant => OnnxTensor.Float([.. graph.InitializerOf(constant.Key)!.Shape], constant.Value)));

    private ValueRows?[] Read(IReadOnlyList<string> values, LearnedState? state)
    {
        int count = (int)Math.Min(MostSamples, samples.Calibration.Count);
        long perSample = Math.Max(1, values.Sum(value => facts.Of(value)?.Shape.Aggregate((long)sizeof(float), (product, dimension) => product * dimension) ?? 0));
        count = (int)Math.Min(count, Math.Max(1, MostBytes / perSample));
        var rows = values.Select(_ => new List<float>()).ToArray();
        var shapes = new int[]?[values.Count];
        var read = new int[values.Count];
        OnnxModel model = state is null ? prepared.Clone() : OnnxModelReader.ParseAnyOpset(imageOf(state), new Diagnostics.DiagnosticOrigin(""));
        string[] inner = [.. values.Where(value => !prepared.Graph.IsInput(value)).Distinct(StringComparer.Ordinal)];
        var exposer = new ValueExposer(model);
        string[] outputs = [.. inner.Select(value => exposer.Expose(value).Output)];
        using IInferenceSession session = engine.Open(exposer.ToImage());
        long batches = samples.CalibrationBatches;
        long index = -1;
        int seen = 0;
        foreach (SampleBatch batch in samples.Calibration.Read())
        {
            if (HeldOutBatches.Holds(++index, batches))
                continue;
            foreach (InputTensor input in batch.Inputs)
                Add(input.Name, FloatsOf(input.ElementType, input.Bytes.Span), [.. input.Shape], batch.Count);
            if (outputs.Length > 0)
                session.Run(batch.Inputs, outputs, (i, tensor) => Add(inner[i], FloatsOf(tensor.ElementType, tensor.Bytes), tensor.Shape, batch.Count));
            seen += batch.Count;
            if (seen >= count)
                break;
        }
        return [.. values.Select((_, i) => shapes[i] is { } shape && read[i] == seen ? new ValueRows(shape, [.. rows[i]]) : null)];

        void Add(string name, ReadOnlySpan<float> floats, ReadOnlySpan<long> shape, int samplesOfBatch)
        {
            for (int i = 0; i < values.Count; i++)
            {
                if (values[i] != name || shape.Length == 0 || shape[0] < samplesOfBatch || floats.IsEmpty)
                    continue;
                int[] own = [.. shape[1..].ToArray().Select(dimension => (int)dimension)];
                if (shapes[i] is { } known && !known.SequenceEqual(own))
                    continue;
                shapes[i] = own;
                rows[i].AddRange(floats[..(samplesOfBatch * own.Aggregate(1, (product, dimension) => product * dimension))]);
                read[i] += samplesOfBatch;
            }
        }
    }

    /// <summary>Conditions, as masks are, count as 1 and 0; other types have no floats.</summary>
    private static ReadOnlySpan<float> FloatsOf(OnnxElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        OnnxElementType.Float => MemoryMarshal.Cast<byte, float>(bytes),
        OnnxElementType.Bool => Array.ConvertAll(bytes.ToArray(), truth => (float)truth),
        _ => [],
    };
}
