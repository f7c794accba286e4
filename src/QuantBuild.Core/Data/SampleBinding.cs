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
/// <param name="Labels">The array of labels, when it holds one class per sample, as a number or a name. What others mean is the metric's.</param>
internal sealed record SampleBinding(ISampleSource Source, IReadOnlyList<InputBinding> Inputs, SampleArray? Labels, long SampleCount)
{
    /// <summary>The name of the array of classes, unless a setting gives another one.</summary>
    public const string LabelsName = "labels";

    /// <summary>What numpy.savez calls an array that is given no name.</summary>
    private const string UnnamedArray = "arr_0";

    /// <summary>For what is wrong with a single sample.</summary>
    public DiagnosticOrigin? Origin { get; private init; }

    /// <summary>Turns labels that are names into numbers; null when no file names the classes.</summary>
    public ClassNames? Classes { get; private init; }

    /// <summary>Decides which samples are taken and held out; null: by their order.</summary>
    public long? SampleSeed { get; init; }

    /// <summary>Arrays that are read beside inputs and labels, for who measures.</summary>
    public IReadOnlyList<SampleArray> Extras { get; private init; } = [];

    /// <summary>True when samples differ in shape, so that the model is given one at a time.</summary>
    public bool Varies => Inputs.Any(input => input.Array.Varies);

    /// <summary>Has these arrays read too, whatever they hold.</summary>
    /// <param name="names">Each the name of an array of the source with as many samples as the inputs.</param>
    public SampleBinding WithExtras(params IReadOnlyList<string> names) => this with
    {
        Extras = [.. names.Select(name => Source.Arrays.Single(array => array.Name == name && array.SampleCount == SampleCount))],
    };

    /// <summary>Matches arrays to inputs by name; the only array without a name is that of the only input. Gives null after adding every
    /// problem to <paramref name="problems"/>.</summary>
    /// <param name="request">Null: labels have their usual name, and classes none.</param>
    public static SampleBinding? Bind(
        ISampleSource source, ModelSignature signature, DiagnosticOrigin origin, DiagnosticBag problems, SampleSetRequest? request = null)
    {
        request ??= new SampleSetRequest();
        var inputs = new List<InputBinding>();
        bool valid = true;
        foreach (TensorSignature input in signature.Inputs)
        {
            SampleArray? array = source.Arrays.FirstOrDefault(candidate => candidate.Name == input.Name) ?? (signature.Inputs.Count == 1 ? Unnamed() : null);
            if (array is null)
                Report(DiagnosticCatalogue.MissingArray.At(origin, source.DisplayPath, input.Name, input, Names(source), Suggestion(input.Name)));
            else if (input.ElementType == OnnxElementType.String)
                Report(DiagnosticCatalogue.SampleMismatch.At(
                    origin, $"the array '{array.Name}'", source.DisplayPath, "the model's input takes strings, on which no model is run here; give it numbers"));
            else if (array.ElementType != input.ElementType)
                Report(DiagnosticCatalogue.TypeMismatch.At(
                    origin, array.Name, source.DisplayPath, array.ElementType.DisplayName(), input.ElementType.DisplayName()));
            else if (Match(input, array) is { } binding)
                inputs.Add(binding);
            else
                Report(DiagnosticCatalogue.ShapeMismatch.At(origin, array.Name, source.DisplayPath, array.ShapeText, input));
        }

        string labelName = request.LabelName;
        SampleArray? labels = source.Arrays.FirstOrDefault(array => array.Name == labelName && signature.Inputs.All(input => input.Name != labelName));
        bool areClasses = labels is not null && AreClasses(labels);
        if (areClasses && labels is { ElementType: OnnxElementType.String } && request.Classes is null)
            Report(DiagnosticCatalogue.InvalidLabels.At(
                origin, source.DisplayPath, "they are names; set Labels to a file that names the classes in the order of their numbers"));

        foreach (SampleArray array in inputs.Select(input => input.Array).Concat(labels is null ? [] : [labels]))
            if (inputs.Count > 0 && inputs[0].Array.SampleCount != array.SampleCount)
                Report(DiagnosticCatalogue.CountMismatch.At(
                    origin, source.DisplayPath, array.Name, array.SampleCount, inputs[0].Array.Name, inputs[0].Array.SampleCount));
        InputBinding[] fixedBatches = [.. inputs.Where(input => input.FixedBatch is not null).DistinctBy(input => input.FixedBatch)];
        if (fixedBatches.Length > 1)
            Report(DiagnosticCatalogue.BatchMismatch.At(
                origin, origin.Model, fixedBatches[0].FixedBatch, fixedBatches[0].Input.Name, fixedBatches[1].FixedBatch, fixedBatches[1].Input.Name));
        if (inputs.Find(input => input.Array.Varies && input.FixedBatch > 1) is { } varying)
            Report(DiagnosticCatalogue.SampleMismatch.At(
                origin,
                $"the array '{varying.Array.Name}'",
                source.DisplayPath,
                $"its samples are of different shapes, but the model takes {varying.FixedBatch} of them at once; export it with a free first axis"));
        if (valid && inputs.Count > 0 && inputs[0].Array.SampleCount == 0)
            Report(DiagnosticCatalogue.NoSamples.At(origin, source.DisplayPath, ""));
        else if (valid && inputs.Count > 0 && inputs.TrueForAll(input => !input.Array.Varies && input.Array.SampleBytes == 0))
            Report(DiagnosticCatalogue.NoSamples.At(origin, source.DisplayPath, ": all of its arrays are empty"));

        return valid && inputs.Count > 0
            ? new SampleBinding(source, inputs, areClasses ? labels : null, inputs[0].Array.SampleCount) { Origin = origin, Classes = request.Classes }
            : null;

        SampleArray? Unnamed() => source.Arrays.SingleOrDefault(array => array.Name != request.LabelName) is { Name: UnnamedArray } unnamed ? unnamed : null;

        string Suggestion(string input) =>
            NearestName.Find(input, source.Arrays.Select(array => array.Name).Except(signature.Inputs.Select(other => other.Name), StringComparer.Ordinal)) is { } nearest
                ? $" Is '{nearest}' meant?" : "";

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
        expected.Zip(actual).All(pair => pair.Second == SampleArray.Varying || pair.First.Value is not { } value || value == pair.Second);

    private static bool AreClasses(SampleArray labels) => labels.ElementType switch
    {
        OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Int16 or OnnxElementType.Int8 => !labels.Varies && labels.SampleLength == 1,
        OnnxElementType.UInt32 or OnnxElementType.UInt16 or OnnxElementType.UInt8 => !labels.Varies && labels.SampleLength == 1,
        OnnxElementType.String => labels.Shape.Skip(1).All(dimension => dimension == 1),
        _ => false,
    };

    /// <summary>What one sample of an input has to look like.</summary>
    /// <exception cref="QuantBuildException">QB4014: the sample does not fit.</exception>
    public void Verify(InputBinding input, IReadOnlyList<long> shape, long index)
    {
        if (input.Input.Shape is not { } expected)
            return;
        OnnxDimension[] sample = [.. expected.Skip(input.HasSampleAxis ? 0 : 1)];
        if (sample.Length != shape.Count || !Fits(sample, shape))
            throw new QuantBuildException(DiagnosticCatalogue.SampleMismatch.At(
                Origin, Source.NameOf(index), Source.DisplayPath, $"its shape is [{string.Join(",", shape)}], but the model's input '{input.Input.Name}' is {input.Input}"));
    }

    private static string Names(ISampleSource source) =>
        source.Arrays.Count == 0 ? "no arrays" : string.Join(", ", source.Arrays.Select(array => $"'{array.Name}'"));
}
