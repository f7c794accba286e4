using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Type and shape that a value had in a real run of one sample.</summary>
internal sealed record TensorFact(OnnxElementType ElementType, IReadOnlyList<long> Shape)
{
    public long Length => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    public long Bytes => Length * Math.Max(1, ElementType.SizeBytes());
}

/// <summary>What is known of the values of a graph: constants from the file, everything else from one run.</summary>
internal sealed class TensorFacts(OnnxGraph? graph, IReadOnlyDictionary<string, TensorFact> observed)
{
    /// <summary>When nothing was run.</summary>
    public static TensorFacts None { get; } = new(null, new Dictionary<string, TensorFact>());

    /// <summary>By name of the value; constants are left out.</summary>
    public IReadOnlyDictionary<string, TensorFact> Observed => observed;

    public TensorFact? Of(string? value)
    {
        if (value is null)
            return null;
        if (observed.TryGetValue(value, out TensorFact? fact))
            return fact;
        return graph?.ConstantAnywhere(value) is { } constant ? new TensorFact(constant.ElementType, constant.Shape) : null;
    }

    public bool IsFloat(string? value) => Of(value)?.ElementType == OnnxElementType.Float;

    /// <summary>Bytes of all observed values of one sample together.</summary>
    public long BytesPerSample => observed.Values.Sum(fact => fact.Bytes);
}
