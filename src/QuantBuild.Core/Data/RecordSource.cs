using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Data;

/// <summary>Reads a text file record by record, each a sample.</summary>
internal abstract class RecordReader : IDisposable
{
    /// <summary>Where the current record starts, from 1.</summary>
    public abstract long Line { get; }

    /// <summary>Arrays that the current record has values for.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The text is not of the format.</exception>
    public abstract bool TryRead();

    /// <summary>Reads a value of the current record.</summary>
    /// <returns>False when the record does not have it.</returns>
    /// <exception cref="InvalidDataException">The value is not of the type, or no array.</exception>
    public abstract bool TryGet(string array, RecordValue value);

    public abstract void Dispose();
}

/// <summary>A text file of records. Types of inputs are those of the model; types of everything else follow from what is there.</summary>
internal sealed class RecordSource : ISampleSource
{
    private readonly UnreadableFile file;
    private readonly Func<RecordReader> open;
    private readonly SampleSetRequest request;

    /// <exception cref="QuantBuildException">QB4001: the text is not of the format. QB4014: a record lacks an input, or has a value that does not fit.</exception>
    public RecordSource(UnreadableFile file, Func<RecordReader> open, SampleSetRequest request)
    {
        this.file = file;
        this.open = open;
        this.request = request;
        Arrays = Scan();
    }

    public string DisplayPath => file.DisplayPath;

    public IReadOnlyList<SampleArray> Arrays { get; }

    public string NameOf(long index) => $"sample {index + 1}";

    public ISampleReader OpenReader(IReadOnlyList<string> arrays) =>
        new Reader(this, [.. arrays.Select(name => Arrays.First(array => array.Name == name))]);

    private IReadOnlyList<SampleArray> Scan()
    {
        var columns = new Dictionary<string, Column>(StringComparer.Ordinal);
        long count = 0;
        using RecordReader reader = file.Guard(open);
        for (; file.Guard(reader.TryRead); count++)
        {
            string[] names = [.. reader.Names];
            foreach (string name in count == 0 ? names : [])
                columns.Add(name, new Column(request.Input(name)?.ElementType ?? OnnxElementType.Undefined, request.Input(name)));
            foreach ((string name, Column column) in columns)
                if (!column.IsLeftOut)
                    Scan(reader, name, column);
        }
        return
        [
            .. columns.Where(column => !column.Value.IsLeftOut).Select(column => column.Value.Describe(column.Key, count))
                .OrderBy(array => array.Name, StringComparer.Ordinal),
        ];
    }

    private void Scan(RecordReader reader, string name, Column column)
    {
        bool isNeeded = request.Input(name) is not null || name == request.LabelName;
        try
        {
            column.Value.Clear();
            if (!reader.TryGet(name, column.Value))
                throw new InvalidDataException("it has no value");
            column.Merge();
        }
        catch (InvalidDataException cause) when (isNeeded)
        {
            throw Mismatch(reader, name, cause);
        }
        catch (InvalidDataException)
        {
            // Nobody may ever ask for it.
            column.IsLeftOut = true;
        }
    }

    private QuantBuildException Mismatch(RecordReader reader, string name, InvalidDataException cause) =>
        new(DiagnosticCatalogue.SampleMismatch.At(file.Origin, $"'{name}' in line {reader.Line}", DisplayPath, TextLine.Of(cause.Message)), cause);

    /// <summary>What is known of an array from the records so far.</summary>
    private sealed class Column(OnnxElementType type, TensorSignature? input)
    {
        private long[]? shape;

        public RecordValue Value { get; } = new(type);

        public bool IsLeftOut { get; set; }

        public void Merge()
        {
            IReadOnlyList<long> own = SampleShape.For(input, Value.Shape);
            shape ??= [.. own];
            if (shape.Length != own.Count)
                throw new InvalidDataException($"its shape is [{string.Join(",", own)}], but that of the first sample has {shape.Length} axes");
            for (int axis = 0; axis < shape.Length; axis++)
                if (shape[axis] != own[axis])
                    shape[axis] = SampleArray.Varying;
        }

        public SampleArray Describe(string name, long count) => new(name, type == OnnxElementType.Undefined ? Value.FoundType : type, [count, .. shape ?? []]);
    }

    private sealed class Reader(RecordSource source, SampleArray[] arrays) : WholeSampleReader
    {
        private readonly RecordReader reader = source.file.Guard(source.open);
        private readonly RecordValue[] values = [.. arrays.Select(array => new RecordValue(array.ElementType))];

        protected override IReadOnlyList<SampleArray> Arrays => arrays;

        public override bool TryRead(IReadOnlyList<SampleBuffer> destinations)
        {
            if (!source.file.Guard(reader.TryRead))
                return false;
            for (int i = 0; i < arrays.Length; i++)
            {
                string name = arrays[i].Name;
                RecordValue value = values[i];
                value.Clear();
                try
                {
                    if (!reader.TryGet(name, value))
                        throw new InvalidDataException("it has no value");
                    value.Bytes.CopyTo(destinations[i].Reserve(SampleShape.For(source.request.Input(name), value.Shape), value.Bytes.Length).Span);
                }
                catch (InvalidDataException cause)
                {
                    throw source.Mismatch(reader, name, cause);
                }
            }
            return true;
        }

        public override void Dispose() => reader.Dispose();
    }
}
