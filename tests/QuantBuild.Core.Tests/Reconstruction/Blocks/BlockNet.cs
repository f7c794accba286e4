using QuantBuild.Differentiation;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.Blocks;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Reconstruction.Blocks;

/// <summary>A small net with samples, run by the gradients' own forward pass.</summary>
/// <param name="SampleShape">Of the input <c>x</c>.</param>
internal sealed record BlockNet(OnnxGraph Graph, int[] SampleShape)
{
    private const int Samples = 96;

    /// <summary>Inputs move along so many directions.</summary>
    private const int Directions = 6;

    public IReadOnlySet<string> Weights => Graph.InitializerNames.Where(name => name.StartsWith('w')).ToHashSet(StringComparer.Ordinal);

    /// <summary>Expansion, depthwise, projection, twice; the second time around an addition.</summary>
    public static BlockNet Mobile { get; } = new(
        new ModelBuilder().Input("x", "n,4,6,6")
            .Weights("w0", 12, 4, 1, 1).Weights("b0", 12).Weights("w1", 12, 1, 3, 3).Weights("b1", 12).Weights("w2", 6, 12, 1, 1).Weights("b2", 6)
            .Weights("w3", 12, 6, 1, 1).Weights("b3", 12).Weights("w4", 12, 1, 3, 3).Weights("b4", 12).Weights("w5", 6, 12, 1, 1).Weights("b5", 6)
            .Node("Conv", "x w0 b0", "e0").Node("Relu", "e0", "r0")
            .Node("Conv", "r0 w1 b1", "d0", ("group", 12), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 })).Node("Relu", "d0", "r1")
            .Node("Conv", "r1 w2 b2", "p0")
            .Node("Conv", "p0 w3 b3", "e1").Node("Relu", "e1", "r2")
            .Node("Conv", "r2 w4 b4", "d1", ("group", 12), ("pads", new[] { 1, 1, 1, 1 })).Node("Relu", "d1", "r3")
            .Node("Conv", "r3 w5 b5", "p1").Node("Add", "p0 p1", "y").Output("y").Build().Graph,
        [4, 6, 6]);

    /// <summary>A layer of an encoder: attention with two heads, and a hidden layer, each behind a normalization and around an addition.</summary>
    public static BlockNet Encoder { get; } = new(
        new ModelBuilder(17).Input("x", "n,5,8")
            .PositiveWeights("s0", 8).Weights("t0", 8).PositiveWeights("s1", 8).Weights("t1", 8)
            .Weights("wq", 8, 8).Weights("wk", 8, 8).Weights("wv", 8, 8).Weights("wo", 8, 8).Weights("wu", 8, 16).Weights("wd", 16, 8)
            .Weights("bu", 16).Weights("bd", 8).Int64s("heads", 0, 0, 2, 4).Int64s("joined", 0, 0, 8).Floats("scale", [], 0.5f)
            .Node("LayerNormalization", "x s0 t0", "n0")
            .Node("MatMul", "n0 wq", "q0").Node("Reshape", "q0 heads", "q1").Node("Transpose", "q1", "q", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("MatMul", "n0 wk", "k0").Node("Reshape", "k0 heads", "k1").Node("Transpose", "k1", "k", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("MatMul", "n0 wv", "v0").Node("Reshape", "v0 heads", "v1").Node("Transpose", "v1", "v", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("MatMul", "q k", "l0").Node("Mul", "l0 scale", "l").Node("Softmax", "l", "a").Node("MatMul", "a v", "c0")
            .Node("Transpose", "c0", "c1", ("perm", new[] { 0, 2, 1, 3 })).Node("Reshape", "c1 joined", "c").Node("MatMul", "c wo", "o")
            .Node("Add", "x o", "h").Node("LayerNormalization", "h s1 t1", "n1")
            .Node("MatMul", "n1 wu", "u0").Node("Add", "u0 bu", "u").Node("Sigmoid", "u", "g").Node("Mul", "u g", "m")
            .Node("MatMul", "m wd", "d0").Node("Add", "bd d0", "d").Node("Add", "h d", "y").Output("y").Build().Graph,
        [5, 8]);

    public static BlockNet Of(string name) => name == "Mobile" ? Mobile : Encoder;

    /// <summary>As data is: along few directions, with some noise.</summary>
    public ValueRows Inputs(string seed)
    {
        int length = DenseTensor.LengthOf(SampleShape);
        float[] directions = SeededValues.Floats("directions", -1, 1, Directions * length);
        float[] places = SeededValues.Floats($"{seed} places", -1, 1, Samples * Directions);
        float[] values = SeededValues.Floats($"{seed} noise", -0.2f, 0.2f, Samples * length);
        for (int sample = 0; sample < Samples; sample++)
            for (int direction = 0; direction < Directions; direction++)
                for (int i = 0; i < length; i++)
                    values[(sample * length) + i] += places[(sample * Directions) + direction] * directions[(direction * length) + i];
        return new ValueRows(SampleShape, values);
    }

    public BlockPlan Plan(int mostWeights) => BlockFinder.Find(Graph, Weights, mostWeights);

    /// <summary>Every weight rounded to the nearest of a grid whose ends are its channel's largest magnitude.</summary>
    public LearnedState Nearest(int bits, bool hasCodebook = false) => new(
        Weights.ToDictionary(name => new ConstantKey(Graph, name), name => NearestOf(Graph, name, bits, hasCodebook)),
        new Dictionary<string, float[]>(),
        new Dictionary<string, float>());

    /// <summary>Values of the net with what a state has in place of its constants.</summary>
    public RowsReader Reader(ValueRows inputs) => (names, state) => [.. names.Select(name => (ValueRows?)Values(name, inputs, state))];

    /// <summary>Power of the error of the output over its power.</summary>
    public double ErrorOf(LearnedState state, ValueRows inputs)
    {
        ValueRows real = Values("y", inputs, null);
        ValueRows rounded = Values("y", inputs, state);
        return real.Values.Zip(rounded.Values, (a, b) => Math.Pow(a - b, 2)).Sum() / real.Values.Sum(value => Math.Pow(value, 2));
    }

    private ValueRows Values(string name, ValueRows inputs, LearnedState? state)
    {
        NodeProgram program = NodeProgram.Of(Graph.Nodes, Graph, ["x"], name);
        var constants = program.Constants.ToDictionary();
        foreach ((ConstantKey key, LowBitWeight weight) in state?.Weights ?? new Dictionary<ConstantKey, LowBitWeight>())
            constants[key.Name] = new DenseTensor(constants[key.Name].Shape, weight.ToTensor());
        foreach ((string constant, float[] values) in state?.Constants ?? new Dictionary<string, float[]>())
            constants[constant] = new DenseTensor(constants[constant].Shape, values);
        DenseTensor result = new ProgramRun(program, constants, []).Forward([new DenseTensor([inputs.Count, .. SampleShape], inputs.Values)]);
        return new ValueRows([.. result.Shape.Skip(1)], result.Values.ToArray());
    }

    public static LowBitWeight NearestOf(OnnxGraph graph, string name, int bits, bool hasCodebook = false)
    {
        OnnxTensor tensor = graph.InitializerOf(name)!;
        WeightMatrix matrix = WeightMatrix.Of(tensor.Shape, new ChannelAxes(tensor.Rank == 2 ? 1 : 0));
        float[] rows = matrix.ToRows(tensor.Floats);
        int half = 1 << (bits - 1);
        var grid = new LevelGrid(bits, matrix.Channels, matrix.Columns, matrix.Columns)
        {
            Scales = [.. rows.Chunk(matrix.Columns).Select(row => row.Max(Math.Abs) / (hasCodebook ? 1 : half - 0.5f))],
            Codebooks = hasCodebook ? [[.. Enumerable.Range(0, 2 * half).Select(i => MathF.CopySign(MathF.Pow(Math.Abs(Place(i, half)), 1.5f), Place(i, half)))]] : null,
        };
        byte[] codes = [.. rows.Select((value, i) => grid.Nearest(i / matrix.Columns, i % matrix.Columns, value))];
        return new LowBitWeight(matrix, grid, codes);
    }

    /// <summary>−1 to 1.</summary>
    private static float Place(int level, int half) => ((2f * level) + 1 - (2 * half)) / ((2 * half) - 1);
}
