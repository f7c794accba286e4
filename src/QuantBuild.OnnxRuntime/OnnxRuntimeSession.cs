using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime;

/// <summary>One session of ONNX Runtime. Every native handle that it makes is released by it.</summary>
internal sealed partial class OnnxRuntimeSession(ModelImage model, int? programThreads = null) : IInferenceSession
{
    /// <summary>For smaller ones collecting takes longer than it is worth.</summary>
    private const long LargeModel = 32L << 20;

    private readonly InferenceSession session = CreateWithDefaults(model, programThreads);

    private readonly bool isLarge = model.SizeBytes >= LargeModel;

    public void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit) => Run(inputs, outputs, results =>
    {
        for (int i = 0; i < results.Count; i++)
            Show(results[i], i, visit);
    });

    public void RunConcurrently(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, OutputVisitor visit) =>
        Run(inputs, outputs, results => Parallel.For(0, results.Count, i => Show(results[i], i, visit)));

    public void Dispose()
    {
        session.Dispose();
        if (isLarge)
            FreedMemory.GiveBack();
    }

    /// <summary>The runtime divides some work by the number of its threads (Log, Softplus, products of two activations), which decides the last bits
    /// of results. Machines with more cores gain little from more threads on the small batches of a build; one with fewer lets them take turns.</summary>
    private const int Threads = 4;

    /// <remarks>A build shares the machine with other builds: threads that spin while they wait would slow all of them. Spinning has no
    /// influence on results.</remarks>
    internal static SessionOptions CreateOptions()
    {
        var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = Threads };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /// <remarks>The runtime maps the files of a model's large tensors itself, copies what it lays out anew, and lets go of the rest.</remarks>
    internal static InferenceSession Create(ModelImage model, SessionOptions options)
    {
        if (model.Folder is { } folder)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);

        // What managed memory holds no longer would stand beside what the runtime takes now.
        if (model.SizeBytes >= LargeModel)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            return new InferenceSession(model.Message, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InferenceException(Clean(exception.Message), exception);
        }
    }

    private void Run(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string> outputs, Action<IReadOnlyList<OrtValue>> show)
    {
        var copies = new List<AlignedCopy>(inputs.Count);
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (InputTensor input in inputs)
            {
                var copy = new AlignedCopy(input.Bytes.Span);
                copies.Add(copy);
                values.Add(Wrap(input, copy));
            }
            using var runOptions = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results =
                session.Run(runOptions, [.. inputs.Select(input => input.Name)], values, [.. outputs]);
            show(results);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InferenceException(Clean(exception.Message), exception);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
            copies.ForEach(copy => copy.Dispose());
        }
    }

    private static InferenceSession CreateWithDefaults(ModelImage model, int? programThreads)
    {
        using SessionOptions options = programThreads is { } threads
            ? new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = threads }
            : CreateOptions();
        return Create(model, options);
    }

    private static OrtValue Wrap(InputTensor input, AlignedCopy copy) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance,
        (TensorElementType)(int)input.ElementType,
        [.. input.Shape],
        copy.Address,
        input.Bytes.Length);

    private static void Show(OrtValue value, int index, OutputVisitor visit)
    {
        if (value.OnnxType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            visit(index, new OutputTensor(OnnxElementType.Undefined, [], []));
            return;
        }
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        ReadOnlySpan<byte> bytes = info.ElementDataType == TensorElementType.String ? [] : value.GetTensorMutableRawData();
        visit(index, new OutputTensor((OnnxElementType)(int)info.ElementDataType, info.Shape, bytes));
    }

    /// <summary>Takes the source positions of the runtime's build out of its message.</summary>
    private static string Clean(string message) => SourcePosition().Replace(message, "").ReplaceLineEndings(" ").Trim();

    [GeneratedRegex(@"/\S+\.(cc|h):\d+ [^\n]*?\) ")]
    private static partial Regex SourcePosition();
}
