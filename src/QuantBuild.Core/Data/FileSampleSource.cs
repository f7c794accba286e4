using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Reads files that hold one sample of one array each.</summary>
internal interface ISampleFileReader
{
    /// <param name="input">Null for an array that is no input of the model.</param>
    /// <returns>Type and shape of the sample; only as much of the file is read as that takes.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read; the message says why.</exception>
    (OnnxElementType ElementType, IReadOnlyList<long> Shape) Describe(DataFile file, TensorSignature? input);

    /// <inheritdoc cref="Describe"/>
    /// <param name="destination">Receives the sample, whose shape must be the one that was described.</param>
    void Read(DataFile file, TensorSignature? input, SampleBuffer destination);
}

/// <summary>A folder with a file per sample. Samples may differ in shape, but not in type and number of axes.</summary>
internal sealed class FileSampleSource : ISampleSource
{
    private readonly DataFolder folder;
    private readonly FolderLayout layout;
    private readonly ISampleFileReader reader;
    private readonly TensorSignature?[] inputs;

    /// <exception cref="QuantBuildException">QB4001: a file cannot be read. QB4014: a sample is of another type or rank than the first.</exception>
    public FileSampleSource(DataFolder folder, FolderLayout layout, SampleSetRequest request, ISampleFileReader reader)
    {
        this.folder = folder;
        this.layout = layout;
        this.reader = reader;
        inputs = [.. layout.ArrayNames.Select(request.Input)];
        SampleArray[] own = [.. layout.ArrayNames.Select((name, i) => Describe(name, i))];
        if (layout.Labels is not null && own.All(array => array.Name != request.LabelName))
            LabelName = request.LabelName;
        Arrays =
        [
            .. (LabelName is null ? own : own.Append(new SampleArray(LabelName, OnnxElementType.Int64, [layout.Samples.Count])))
                .OrderBy(array => array.Name, StringComparer.Ordinal),
        ];
    }

    public string DisplayPath => folder.DisplayPath;

    public IReadOnlyList<SampleArray> Arrays { get; }

    /// <summary>The array of labels that the layout gives; null when it gives none.</summary>
    private string? LabelName { get; }

    public string NameOf(long index) => layout.Samples[(int)index].Name;

    public ISampleReader OpenReader(IReadOnlyList<string> arrays) =>
        new Reader(this, [.. arrays.Select(name => name == LabelName ? -1 : layout.ArrayNames.ToList().IndexOf(name))]);

    private SampleArray Describe(string name, int position)
    {
        OnnxElementType type = OnnxElementType.Undefined;
        long[] shape = [];
        for (int i = 0; i < layout.Samples.Count; i++)
        {
            DataFile file = layout.Samples[i].Files[position];
            (OnnxElementType ElementType, IReadOnlyList<long> Shape) one = Guard(file, () => reader.Describe(file, inputs[position]));
            if (i == 0)
                (type, shape) = (one.ElementType, [.. one.Shape]);
            if (one.ElementType != type)
                throw Mismatch(i, $"it holds {one.ElementType.DisplayName()}, but {NameOf(0)} holds {type.DisplayName()}");
            if (one.Shape.Count != shape.Length)
                throw Mismatch(i, $"its shape is [{string.Join(",", one.Shape)}], but that of {NameOf(0)} has {shape.Length} axes");
            for (int axis = 0; axis < shape.Length; axis++)
                if (shape[axis] != one.Shape[axis])
                    shape[axis] = SampleArray.Varying;
        }
        return new SampleArray(name, type, [layout.Samples.Count, .. shape]);
    }

    private QuantBuildException Mismatch(int sample, string why) =>
        new(DiagnosticCatalogue.SampleMismatch.At(folder.Origin, NameOf(sample), DisplayPath, why));

    private T Guard<T>(DataFile file, Func<T> read) => new UnreadableFile($"{DisplayPath}/{file.Name}", folder.Origin).Guard(read);

    /// <param name="positions">Of the wanted arrays in the layout; −1 for the labels.</param>
    private sealed class Reader(FileSampleSource source, int[] positions) : WholeSampleReader
    {
        private int next;

        protected override IReadOnlyList<SampleArray> Arrays { get; } =
            [.. positions.Select(position => source.Arrays.Single(array => array.Name == (position < 0 ? source.LabelName : source.layout.ArrayNames[position])))];

        public override bool TryRead(IReadOnlyList<SampleBuffer> destinations)
        {
            if (next == source.layout.Samples.Count)
                return false;
            for (int i = 0; i < positions.Length; i++)
                Read(positions[i], destinations[i]);
            next++;
            return true;
        }

        private void Read(int position, SampleBuffer destination)
        {
            if (position < 0)
            {
                BitConverter.TryWriteBytes(destination.Bytes.Span, source.layout.Labels![next]);
                return;
            }
            DataFile file = source.layout.Samples[next].Files[position];
            source.Guard(file, () =>
            {
                source.reader.Read(file, source.inputs[position], destination);
                return true;
            });
        }
    }
}
