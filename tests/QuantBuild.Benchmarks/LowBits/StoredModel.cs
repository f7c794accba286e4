using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Preparation;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>A float model whose weights can be replaced by what few bits stand for; activations stay float.</summary>
internal sealed class StoredModel
{
    private const int BatchSize = 32;

    private readonly OnnxModel model;
    private readonly OnnxRuntimeEngine engine = new();

    public StoredModel(string path)
    {
        var origin = new DiagnosticOrigin(path);
        model = ModelPreparer.Prepare(OnnxModelReader.Parse(File.ReadAllBytes(path), origin), origin).Model;
    }

    public OnnxGraph Graph => model.Graph;

    /// <summary>What convolutions and products of matrices multiply with, rounded to the nearest on grids of the least squared error, one scale for a channel.</summary>
    public LearnedState Nearest(int bits)
    {
        var weights = new Dictionary<ConstantKey, LowBitWeight>();
        foreach (OnnxNode node in Graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm" or "MatMul"))
            for (int i = 0; i < 2; i++)
                if (Graph.InitializerOf(node.Inputs[i]) is { Rank: >= 2 } tensor && ChannelAxes.Of(new ValueReader(Graph, node, i), tensor.Shape) is { } axes)
                {
                    WeightMatrix matrix = WeightMatrix.Of(tensor.Shape, axes);
                    LowBitLayer layer = LowBitLayer.Uniform(matrix.ToRows(tensor.Floats), matrix.Channels, bits, matrix.Columns, isAsymmetric: false);
                    GridSearch.Mse(layer);
                    weights[new ConstantKey(Graph, node.Inputs[i])] = layer.ToWeight(matrix);
                }
        return new LearnedState(weights, new Dictionary<string, float[]>(), new Dictionary<string, float>());
    }

    /// <param name="samples">Arrays of equally many samples; those that are no inputs are left out.</param>
    /// <returns>Null for a value that does not have one row of floats per sample.</returns>
    public IReadOnlyList<ValueRows?> Read(IReadOnlyList<string> values, LearnedState? state, IReadOnlyList<NamedArray> samples)
    {
        OnnxModel changed = model.Clone();
        if (state is not null)
        {
            foreach ((ConstantKey key, LowBitWeight weight) in state.Weights)
                Replace(changed.Graph, key.Name, weight.ToTensor());
            foreach ((string name, float[] constant) in state.Constants)
                Replace(changed.Graph, name, constant);
        }
        string[] inner = [.. values.Where(value => !Graph.IsInput(value))];
        var exposer = new ValueExposer(changed);
        foreach (string value in inner.Where(value => !Graph.IsOutput(value)))
            exposer.Expose(value);
        var rows = values.ToDictionary(value => value, _ => new List<float>());
        var shapes = new Dictionary<string, int[]?>();
        using IInferenceSession session = engine.Open(exposer.ToImage());
        NamedArray[] inputs = [.. samples.Where(array => Graph.IsInput(array.Name))];
        for (int first = 0; first < inputs[0].Shape[0]; first += BatchSize)
        {
            int count = (int)Math.Min(BatchSize, inputs[0].Shape[0] - first);
            InputTensor[] batch = [.. inputs.Select(array => Part(array, first, count))];
            foreach (InputTensor input in batch.Where(input => rows.ContainsKey(input.Name)))
                Add(input.Name, input.ElementType, [.. input.Shape], input.Bytes.Span);
            session.Run(batch, inner, (i, tensor) => Add(inner[i], tensor.ElementType, tensor.Shape.ToArray(), tensor.Bytes));

            void Add(string name, OnnxElementType type, long[] shape, ReadOnlySpan<byte> bytes)
            {
                bool isRows = type == OnnxElementType.Float && shape.Length > 0 && shape[0] == count;
                int[]? sample = isRows ? [.. shape.Skip(1).Select(dimension => (int)dimension)] : null;
                if (shapes.TryAdd(name, sample) || shapes[name] is { } before && sample is not null && before.SequenceEqual(sample))
                    rows[name].AddRange(isRows ? MemoryMarshal.Cast<byte, float>(bytes) : []);
                else
                    shapes[name] = null;
            }
        }
        return [.. values.Select(value => shapes[value] is { } shape ? new ValueRows(shape, [.. rows[value]]) : null)];
    }

    private static InputTensor Part(NamedArray array, int first, int count)
    {
        int size = array.Bytes.Length / (int)array.Shape[0];
        return new InputTensor(array.Name, array.ElementType, [count, .. array.Shape.Skip(1)], array.Bytes.AsMemory(first * size, count * size));
    }

    private static void Replace(OnnxGraph graph, string name, float[] values)
    {
        long[] shape = [.. graph.InitializerOf(name)!.Shape];
        graph.RemoveInitializer(name);
        graph.AddInitializer(name, OnnxTensor.Float(shape, values));
    }
}
