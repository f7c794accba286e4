using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>One unknown dimension. Two with one symbol are the same; one without a symbol is identified by where it is.</summary>
/// <param name="Symbol">Null: anonymous.</param>
/// <param name="Input">Index of the input that has it; -1 with a symbol.</param>
/// <param name="Axis">Counted from 0; -1 with a symbol.</param>
internal readonly record struct UnknownDimension(string? Symbol, int Input, int Axis)
{
    /// <returns>Null when the dimension is fixed.</returns>
    public static UnknownDimension? At(ModelSignature signature, int input, int axis) => signature.Inputs[input].Shape![axis] switch
    {
        { Value: >= 0 } => null,
        { Symbol: { Length: > 0 } symbol } => new(symbol, -1, -1),
        _ => new(null, input, axis),
    };
}

/// <summary>Where the sizes of the unknown dimensions of the inputs come from.</summary>
/// <param name="Parameters">Those that the caller of <c>Run</c> must give.</param>
/// <param name="Inferred">Those that follow from the length of an input; each needs only earlier ones and parameters.</param>
internal sealed record DimensionPlan(IReadOnlyList<UnknownDimension> Parameters, IReadOnlyList<InferredDimension> Inferred)
{
    public static DimensionPlan For(ModelSignature signature)
    {
        List<UnknownDimension> parameters = [];
        List<InferredDimension> inferred = [];
        HashSet<UnknownDimension> known = [];
        while (true)
        {
            if (FindInferable(signature, known) is { } next)
            {
                inferred.Add(next);
                known.Add(next.Dimension);
            }
            else if (FindUndetermined(signature, known) is { } undetermined)
            {
                parameters.AddRange(undetermined);
                known.UnionWith(undetermined);
            }
            else
            {
                return new(parameters, inferred);
            }
        }
    }

    /// <summary>The first input that lacks a single dimension, which therefore is its length divided by the product of the others.</summary>
    private static InferredDimension? FindInferable(ModelSignature signature, HashSet<UnknownDimension> known)
    {
        for (int input = 0; input < signature.Inputs.Count; input++)
        {
            bool isDivisible = signature.Inputs[input].Shape?.All(dimension => dimension.Value != 0) ?? false;
            if (isDivisible && Missing(signature, input, known) is [var only])
                return new(only, input);
        }
        return null;
    }

    /// <summary>All that the first incomplete input lacks: asked for together, since none of them is special.</summary>
    private static List<UnknownDimension>? FindUndetermined(ModelSignature signature, HashSet<UnknownDimension> known) =>
        Enumerable.Range(0, signature.Inputs.Count)
            .Select(input => Missing(signature, input, known))
            .FirstOrDefault(missing => missing.Count > 0)?
            .Distinct().ToList();

    /// <summary>The unknown dimensions of one input in the order of its axes; a symbol that occurs twice is there twice.</summary>
    private static List<UnknownDimension> Missing(ModelSignature signature, int input, HashSet<UnknownDimension> known)
    {
        TensorSignature tensor = signature.Inputs[input];
        if (tensor.Shape is null || !ElementTypes.AreKnown(tensor))
            return [];
        return Enumerable.Range(0, tensor.Shape.Count)
            .Select(axis => UnknownDimension.At(signature, input, axis))
            .OfType<UnknownDimension>()
            .Where(dimension => !known.Contains(dimension))
            .ToList();
    }
}

/// <param name="Input">Index of the input whose length tells the size.</param>
internal sealed record InferredDimension(UnknownDimension Dimension, int Input);
