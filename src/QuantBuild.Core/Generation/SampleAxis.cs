using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>Where the first axis counts samples, which a batch holds several of.</summary>
internal static class SampleAxis
{
    /// <summary>Whether the first axis of an output counts what that of an input counts.</summary>
    public static bool IsFirstOf(TensorSignature output, ModelSignature signature)
    {
        if (!ElementTypes.AreKnown(output) || output.Shape is not [var first, ..])
            return false;
        if (first.Value is { } size)
            return size > 1 && FixedBatch(signature) == size;
        return signature.Inputs.Any(input => ElementTypes.AreKnown(input) && input.Shape is [{ Value: null } axis, ..] && axis.Symbol == first.Symbol);
    }

    /// <summary>The size of the first axis, where all inputs have the same and no dimension is unknown; null elsewhere.</summary>
    public static long? FixedBatch(ModelSignature signature)
    {
        bool isFixed = signature.Inputs.All(input =>
            ElementTypes.AreKnown(input) && input.Shape is [_, ..] && input.Shape.All(dimension => dimension.Value > 0));
        if (!isFixed)
            return null;
        long?[] sizes = [.. signature.Inputs.Select(input => input.Shape![0].Value).Distinct()];
        return sizes is [var only] ? only : null;
    }
}
