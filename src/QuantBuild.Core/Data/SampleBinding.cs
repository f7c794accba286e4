using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>How one input of the model is fed from one array of a data set.</summary>
/// <param name="HasSampleAxis">True: the array has one axis more than the input, and every sample is a whole input of its own.
/// False: the first axis of the input is the batch, and samples are laid behind each other along it.</param>
internal sealed record InputBinding(TensorSignature Input, SampleArray Array, bool HasSampleAxis)
{
    /// <summary>Samples that the input takes at once; null when any number fits.</summary>
    public long? FixedBatch => HasSampleAxis ? 1 : Input.Shape?[0].Value;
}

/// <summary>A data set matched to a model: every input has an array of the right type and shape.</summary>
/// <param name="Labels">The array <c>labels</c>, when there is one: one class number per sample.</param>
internal sealed record SampleBinding(ISampleSource Source, IReadOnlyList<InputBinding> Inputs, SampleArray? Labels, long SampleCount)
{
    /// <summary>The name of the array of classes.</summary>
    public const string LabelsName = "labels";

    /// <summary>Matches arrays to inputs by name. Gives null after adding every problem to <paramref name="problems"/>.</summary>
    public static SampleBinding? Bind(ISampleSource source, ModelSignature signature, DiagnosticOrigin origin, DiagnosticBag problems)
    {
        var inputs = new List<InputBinding>();
        bool valid = true;
        foreach (TensorSignature input in signature.Inputs)
        {
            SampleArray? array = source.Arrays.FirstOrDefault(candidate => candidate.Name == input.Name);
            if (array is null)
                Report(DiagnosticCatalogue.MissingArray.At(origin, source.DisplayPath, input.Name, input, Names(source)));
            else if (array.ElementType != input.ElementType)
                Report(DiagnosticCatalogue.TypeMismatch.At(
                    origin, array.Name, source.DisplayPath, array.ElementType.DisplayName(), input.ElementType.DisplayName()));
            else if (Match(input, array) is { } binding)
                inputs.Add(binding);
            else
                Report(DiagnosticCatalogue.ShapeMismatch.At(origin, array.Name, source.DisplayPath, $"[{string.Join(",", array.Shape)}]", input));
        }

        SampleArray? labels = source.Arrays.FirstOrDefault(array => array.Name == LabelsName && signature.Inputs.All(input => input.Name != LabelsName));
        if (labels is not null && (labels.ElementType is not (OnnxElementType.Int64 or OnnxElementType.Int32) || labels.SampleLength != 1))
            Report(DiagnosticCatalogue.InvalidLabels.At(
                origin, source.DisplayPath, $"they are {labels.ElementType.DisplayName()} [{string.Join(",", labels.Shape)}], not one int64 or int32 per sample"));

        foreach (SampleArray array in inputs.Select(input => input.Array).Concat(labels is null ? [] : [labels]))
            if (inputs.Count > 0 && inputs[0].Array.SampleCount != array.SampleCount)
                Report(DiagnosticCatalogue.CountMismatch.At(
                    origin, source.DisplayPath, array.Name, array.SampleCount, inputs[0].Array.Name, inputs[0].Array.SampleCount));
        InputBinding[] fixedBatches = [.. inputs.Where(input => input.FixedBatch is not null).DistinctBy(input => input.FixedBatch)];
        if (fixedBatches.Length > 1)
            Report(DiagnosticCatalogue.BatchMismatch.At(
                origin, origin.Model, fixedBatches[0].FixedBatch, fixedBatches[0].Input.Name, fixedBatches[1].FixedBatch, fixedBatches[1].Input.Name));
        if (valid && inputs.Count > 0 && inputs[0].Array.SampleCount == 0)
            Report(DiagnosticCatalogue.NoSamples.At(origin, source.DisplayPath, ""));
        else if (valid && inputs.Count > 0 && inputs.TrueForAll(input => input.Array.SampleBytes == 0))
            Report(DiagnosticCatalogue.NoSamples.At(origin, source.DisplayPath, ": all of its arrays are empty"));

        return valid && inputs.Count > 0 ? new SampleBinding(source, inputs, labels, inputs[0].Array.SampleCount) : null;

        void Report(Diagnostic problem)
        {
            problems.Add(problem);
            valid = false;
        }
    }

    private static InputBinding? Match(TensorSignature input, SampleArray array)
    {
        if (input.Shape is not { } shape)
            return array.Shape.Count > 1 ? new InputBinding(input, array, HasSampleAxis: false) : null;
        if (array.Shape.Count == shape.Count && shape.Count > 0 && Fits(shape.Skip(1), array.Shape.Skip(1)))
            return new InputBinding(input, array, HasSampleAxis: false);
        return array.Shape.Count == shape.Count + 1 && Fits(shape, array.Shape.Skip(1))
            ? new InputBinding(input, array, HasSampleAxis: true)
            : null;
    }

    private static bool Fits(IEnumerable<OnnxDimension> expected, IEnumerable<long> actual) =>
        expected.Zip(actual).All(pair => pair.First.Value is not { } value || value == pair.Second);

    private static string Names(ISampleSource source) =>
        source.Arrays.Count == 0 ? "no arrays" : string.Join(", ", source.Arrays.Select(array => $"'{array.Name}'"));
}
