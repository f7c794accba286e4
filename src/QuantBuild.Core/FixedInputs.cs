using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>What the setting FixedInputs means for one model.</summary>
internal static class FixedInputs
{
    /// <summary>No input of a model that is worth fixing is longer; a value written once for all elements must not fill the memory.</summary>
    private const long MostElements = 1 << 24;

    /// <returns>The values that fit their inputs; every other one is added to <paramref name="problems"/>.</returns>
    public static IReadOnlyList<NamedTensor> Read(QuantizationSettings settings, ModelSignature signature, DiagnosticBag problems)
    {
        var origin = new DiagnosticOrigin(settings.DisplayPath, nameof(settings.FixedInputs));
        var values = new List<NamedTensor>();
        foreach (SettingText written in settings.FixedInputs)
        {
            if (signature.Inputs.FirstOrDefault(input => input.Name == written.Name) is not { } input)
                problems.Add(Unknown(written.Name));
            else if (!TensorText.HasShape(written.Value))
                problems.Add(Misfit(written, $"its brackets and commas make no tensor; the input takes {input}"));
            else if (TensorText.Read(written.Value, input.ElementType) is not { } tensor)
                problems.Add(Misfit(written, $"that is no {input.ElementType.DisplayName()}; the input takes {input}"));
            else if (Fit(tensor, input.Shape) is not { } value)
                problems.Add(Misfit(written, $"its shape [{string.Join(",", tensor.Shape)}] does not fit; the input takes {input}"));
            else if (values.Count + 1 == signature.Inputs.Count)
                problems.Add(Misfit(written, "the model would have no input left"));
            else
                values.Add(new NamedTensor(input.Name, value));
        }
        return values;

        Diagnostic Unknown(string name) => DiagnosticCatalogue.UnknownInput.At(
            origin,
            name,
            settings.DisplayPath,
            NearestName.Find(name, signature.Inputs.Select(input => input.Name)) is { } nearest ? $" Did you mean '{nearest}'?" : "",
            string.Join(", ", signature.Inputs.Select(input => $"'{input.Name}'")));

        Diagnostic Misfit(SettingText written, string why) =>
            DiagnosticCatalogue.InvalidFixedInput.At(origin, written.Name, settings.DisplayPath, written.Value, why);
    }

    /// <summary>The tensor in a shape that the input takes: its own, or, for an input of known shape, the same elements in that shape, or its
    /// only element everywhere.</summary>
    private static OnnxTensor? Fit(OnnxTensor tensor, IReadOnlyList<OnnxDimension>? shape)
    {
        if (shape is null || (shape.Count == tensor.Rank && shape.Zip(tensor.Shape).All(pair => pair.First.Value is null || pair.First.Value == pair.Second)))
            return tensor;
        if (shape.Any(dimension => dimension.Value is null))
            return null;
        long[] known = [.. shape.Select(dimension => dimension.Value!.Value)];
        double length = known.Aggregate(1.0, (product, dimension) => product * dimension);
        if (length == tensor.Length)
            return tensor.Reshape(known);
        return tensor.Length == 1 && length <= MostElements ? tensor.Repeat(known) : null;
    }
}
