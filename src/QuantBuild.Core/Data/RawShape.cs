using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Shapes of samples in files of bare numbers.</summary>
internal static class RawShape
{
    /// <returns>Axes of one sample; −1 for the only one that is free and may be found from the length of a file.</returns>
    /// <exception cref="QuantBuildException">QB4017: the shape is not known, or DataShape does not fit the input.</exception>
    public static IReadOnlyList<long> Of(TensorSignature input, SampleSetRequest request, DataPath data, bool mayFindOne)
    {
        foreach (string name in request.Shapes.Keys.Order(StringComparer.Ordinal))
            if (request.Input(name) is null)
                throw Problem(data, name, "DataShape names it", NearestName.Find(name, request.Inputs.Select(one => one.Name)) is { } nearest
                    ? $"is of no use: the model has no such input; did you mean '{nearest}'?"
                    : "is of no use: the model has no such input");
        if (request.Shapes.TryGetValue(input.Name, out IReadOnlyList<long>? given))
            return Fits(input, given) ? given : throw Problem(data, input.Name, $"{input}", $"does not fit: DataShape says [{string.Join(",", given)}]");
        if (input.Shape is not { Count: > 0 } dimensions)
            throw Problem(data, input.Name, $"{input}", $"is not known; set DataShape to {input.Name}=[lengths of the axes]");
        OnnxDimension[] sample = [.. dimensions.Skip(1)];
        if (sample.Count(dimension => dimension.Value is null) > (mayFindOne ? 1 : 0))
            throw Problem(
                data, input.Name, $"{input}", $"is not known; set DataShape to {input.Name}=[{string.Join(",", sample)}] with numbers for the free axes");
        return [.. sample.Select(dimension => dimension.Value ?? SampleArray.Varying)];
    }

    private static bool Fits(TensorSignature input, IReadOnlyList<long> shape) => input.Shape is not { } dimensions
        || (dimensions.Count == shape.Count + 1 && Agree(dimensions.Skip(1), shape)) || (dimensions.Count == shape.Count && Agree(dimensions, shape));

    private static bool Agree(IEnumerable<OnnxDimension> dimensions, IEnumerable<long> shape) =>
        dimensions.Zip(shape).All(pair => pair.First.Value is not { } value || value == pair.Second);

    private static QuantBuildException Problem(DataPath data, string input, string signature, string why) =>
        new(DiagnosticCatalogue.InvalidDataShape.At(data.Origin, data.DisplayPath, input, signature, why));
}
