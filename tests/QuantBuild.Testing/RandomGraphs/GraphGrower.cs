using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Testing.RandomGraphs;

/// <summary>A graph that grows: its values so far, and the ways to add to it.</summary>
internal sealed class GraphGrower
{
    /// <summary>Larger values would only take time.</summary>
    private const long MostElements = 6000;

    private static readonly long[] OddSizes = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16];

    private readonly ModelBuilder model;
    private readonly List<GrownValue> values = [];
    private readonly List<NamedInput> inputs = [];
    private readonly Dictionary<string, string> weights = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly HashSet<string> outputs = new(StringComparer.Ordinal);
    private readonly bool listsWeightsAsInputs;
    private readonly int constantNodesInTen;
    private int names;

    public GraphGrower(int seed)
    {
        Random = Scattered(seed);
        Opset = Random.Next(9, 24);
        model = new ModelBuilder(Opset).Domain("com.microsoft", 1);
        HasFreeBatch = Random.Next(3) > 0;
        listsWeightsAsInputs = Random.Next(8) == 0;
        constantNodesInTen = Random.Next(3) * 5;
        for (int i = Random.Next(1, 4); i > 0; i--)
            AddInput();
    }

    public Random Random { get; private set; }

    public int Opset { get; }

    /// <summary>True when all inputs have a first axis of any length.</summary>
    public bool HasFreeBatch { get; }

    public IReadOnlyList<GrownValue> Values => values;

    /// <summary>From here on other random numbers: what one step takes must not move the next.</summary>
    public void Reseed(int seed) => Random = Scattered(seed);

    public byte[] ToBytes() => model.ToBytes();

    /// <summary>A value that suits, rather one of the latest; null when none does.</summary>
    public GrownValue? Pick(Func<GrownValue, bool> suits)
    {
        GrownValue[] found = [.. values.Where(suits)];
        if (found.Length == 0)
            return null;
        int back = Math.Min(Random.Next(found.Length), Random.Next(found.Length));
        return found[^(back + 1)];
    }

    /// <summary>A node with one output, which becomes a value.</summary>
    public GrownValue Grow(string opType, string inputs, long[] shape, double size, params (string Name, object Value)[] attributes) =>
        Add(Node(opType, inputs, attributes), shape, size);

    /// <summary>Makes a name a value; very large numbers are brought back to about one.</summary>
    public GrownValue Add(string name, long[] shape, double size)
    {
        if (size is > 6 or < 0.05)
        {
            name = Node("Mul", $"{name} {Constant(OnnxTensor.Scalar((float)(1 / size)))}");
            size = 1;
        }
        var value = new GrownValue(name, shape, size);
        if (value.Length is > 0 and <= MostElements)
            values.Add(value);
        return value;
    }

    /// <summary>A node with one output, which is no value of its own.</summary>
    public string Node(string opType, string inputs, params (string Name, object Value)[] attributes) => Nodes(1, opType, inputs, attributes)[0];

    public string[] Nodes(int outputs, string opType, string inputs, params (string Name, object Value)[] attributes)
    {
        string[] produced = [.. Enumerable.Range(0, outputs).Select(_ => NewName())];
        read.UnionWith(inputs.Split(' '));
        (string, object)[] named = Random.Next(3) == 0 ? [] : [("name", $"{opType}_of_{produced[0]}")];
        model.Node(opType, inputs, string.Join(' ', produced), [.. named, .. attributes]);
        return produced;
    }

    /// <summary>Marks what a body reads from around it.</summary>
    public void Capture(string name) => read.Add(name);

    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"v{names++}");

    public string Int64s(params long[] numbers) => Constant(OnnxTensor.Int64s(numbers));

    public string Int64(long number) => Constant(OnnxTensor.Create(OnnxElementType.Int64, [], [number]));

    public string Scalar(double number) => Constant(OnnxTensor.Scalar((float)number));

    /// <summary>An initializer or a Constant node.</summary>
    public string Constant(OnnxTensor tensor)
    {
        string name = NewName();
        if (Random.Next(10) < constantNodesInTen)
        {
            model.Node("Constant", "", name, ("value", tensor));
            return name;
        }
        model.Initializer(name, tensor);
        // Not scalars: the runtime takes an epsilon that a caller could replace for the default one, another result than the graph's.
        if (listsWeightsAsInputs && tensor.Rank > 0)
            model.AsInput(name);
        return name;
    }

    /// <summary>Normal weights that keep the size of a signal; sometimes the same as another node of that shape reads.</summary>
    public string Weight(long fanIn, params long[] shape)
    {
        string key = $"{fanIn} {string.Join(',', shape)}";
        if (Random.Next(4) == 0 && weights.TryGetValue(key, out string? shared))
            return shared;
        return weights[key] = Constant(Floats(shape, 1 / Math.Sqrt(fanIn)));
    }

    public OnnxTensor Floats(long[] shape, double deviation) => OnnxTensor.Float(
        shape, [.. Enumerable.Range(0, (int)Count(shape)).Select(_ => (float)(deviation * Normal()))]);

    public OnnxTensor Positives(params long[] shape) => OnnxTensor.Float(
        shape, [.. Enumerable.Range(0, (int)Count(shape)).Select(_ => 0.5f + Random.NextSingle())]);

    /// <summary>An axis, sometimes counted from behind.</summary>
    public long Axis(int axis, int rank) => Random.Next(2) == 0 ? axis : axis - rank;

    public long OddSize() => OddSizes[Random.Next(OddSizes.Length)];

    /// <summary>A divisor of a number.</summary>
    public long DivisorOf(long number)
    {
        long[] divisors = [.. Enumerable.Range(1, (int)number).Select(divisor => (long)divisor).Where(divisor => number % divisor == 0)];
        return divisors[Random.Next(divisors.Length)];
    }

    /// <summary>One more input of the model, of int64 from 0 on or of truth values.</summary>
    public GrownValue AddInput(OnnxElementType type, long[] shape, long limit)
    {
        string name = NewName();
        var value = new GrownValue(name, shape, 1);
        inputs.Add(new NamedInput(name, type, shape, limit));
        model.Input(name, Declared(shape), type);
        return value;
    }

    /// <summary>The last value, half of those that nobody reads, and sometimes one that others read or an input.</summary>
    public void ChooseOutputs()
    {
        GrownValue[] leaves = [.. values.Where(value => !read.Contains(value.Name))];
        foreach (GrownValue leaf in leaves)
            if (leaf == leaves[^1] || Random.Next(2) == 0)
                Output(leaf);
        GrownValue[] inner = [.. values.Where(value => read.Contains(value.Name) && inputs.All(input => input.Name != value.Name))];
        if (inner.Length > 0 && (outputs.Count == 0 || Random.Next(3) == 0))
            Output(inner[Random.Next(inner.Length)]);
        if (outputs.Count == 0)
            Output(Add(Node("Relu", values[0].Name), values[0].Shape, values[0].Size));
    }

    public void OutputInteger(string name) => model.Output(name, null, OnnxElementType.Int64);

    public IReadOnlyList<NamedArray> Samples(int count) => [.. inputs.Select(input => input.Samples(count))];

    private void Output(GrownValue value)
    {
        if (outputs.Add(value.Name))
            model.Output(value.Name, Random.Next(2) == 0 ? null : Declared(value.Shape));
    }

    private void AddInput()
    {
        int rank = new[] { 1, 2, 2, 3, 3, 4, 4, 4, 5 }[Random.Next(9)];
        long[] shape = [.. Enumerable.Range(0, rank).Select(_ => OddSize())];
        while (Count(shape) > 1500)
            shape[Random.Next(rank)] = Random.Next(1, 5);
        if (HasFreeBatch)
            shape = [GrownValue.Batch, .. rank > 4 ? shape[1..] : shape];
        else if (Random.Next(12) == 0)
            shape = [];
        values.Add(AddInput(OnnxElementType.Float, shape, 0) with { Size = 1.2 });
    }

    /// <summary>Some dimensions by name only.</summary>
    /// <remarks>Not at opset 10, where the runtime takes a part that Slice cuts out of a named axis for the whole.</remarks>
    private string Declared(long[] shape) => string.Join(',', shape.Select(dimension => dimension == GrownValue.Batch
        ? "n"
        : Opset != 10 && Random.Next(6) == 0 ? $"d{dimension}" : dimension.ToString(CultureInfo.InvariantCulture)));

    /// <remarks>Seeds next to each other give sequences that are alike.</remarks>
    private static Random Scattered(int seed)
    {
        uint mixed = unchecked((uint)seed * 2654435769u);
        mixed = unchecked((mixed ^ (mixed >> 15)) * 2246822519u);
        return new Random((int)((mixed ^ (mixed >> 13)) & int.MaxValue));
    }

    private double Normal() => Enumerable.Range(0, 6).Sum(_ => Random.NextDouble() - 0.5) * Math.Sqrt(2);

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, dimension) => product * Math.Abs(dimension));

    private sealed record NamedInput(string Name, OnnxElementType Type, long[] Shape, long Limit)
    {
        /// <remarks>A model without a free batch takes a whole input at a time.</remarks>
        public NamedArray Samples(int count)
        {
            long[] shape = [count, .. Shape is [GrownValue.Batch, ..] ? Shape[1..] : Shape];
            return Type switch
            {
                OnnxElementType.Float => NamedArray.Of(Name, shape, SeededValues.Floats(Name, -2, 2, Count(shape))),
                OnnxElementType.Bool => NamedArray.Of<byte>(
                    Name, Type, shape, SeededValues.Integers(Name, 0, 2, Count(shape)).Select(value => (byte)value).ToArray()),
                OnnxElementType.Int32 => NamedArray.Of<int>(
                    Name, Type, shape, SeededValues.Integers(Name, 0, Limit, Count(shape)).Select(value => (int)value).ToArray()),
                _ => NamedArray.Of(Name, shape, SeededValues.Integers(Name, 0, Limit, Count(shape))),
            };
        }
    }
}
