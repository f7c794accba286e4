using System.CommandLine;
using System.Globalization;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>How fast models run here.</summary>
/// <param name="Inputs">Name → shape.</param>
/// <param name="Runs">Of each model.</param>
/// <param name="Ratio">Time of the other model over that of the first; null where there is one model.</param>
internal sealed record BenchResult(
    long Batch, int Threads, IReadOnlyDictionary<string, IReadOnlyList<long>> Inputs, int Runs, IReadOnlyList<BenchedModel> Models, BenchRatio? Ratio);

/// <param name="LoadMilliseconds">In a process of its own, from the file to a model that can run.</param>
/// <param name="PeakMemoryBytes">What loading and running it once added to that process at most.</param>
internal sealed record BenchedModel(
    string Model, double MedianMilliseconds, double Percentile95Milliseconds, double LoadMilliseconds, long PeakMemoryBytes);

/// <param name="Low">Lower end of the 95 % interval.</param>
internal sealed record BenchRatio(double Median, double Low, double High);

/// <summary>Times one model, or two in turns, so that what else the machine does slows both alike.</summary>
internal sealed class BenchCommand : ToolCommand
{
    private readonly Argument<string> model = new("MODEL") { Description = "An .onnx file." };
    private readonly Argument<string?> other = new("OTHER") { Description = "A model with the same inputs, to compare with.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> data = new("--data") { Description = "Samples to run on; without them inputs are made up.", HelpName = "path" };
    private readonly BenchOptions options;
    private readonly SettingOptions settings;

    public BenchCommand(ToolContext tool)
        : base("bench", "Time a model, or two in turns: median and 95th percentile, ratio, load time, memory.", tool)
    {
        Arguments.Add(model);
        Arguments.Add(other);
        Options.Add(data);
        options = new BenchOptions(this, hasDuration: true);
        settings = new SettingOptions(this, ModelRequests.IsAboutData);
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        BenchWishes wishes = options.Read(parse);
        string[] files = [parse.GetValue(model)!, .. parse.GetValue(other) is { } name ? [name] : Array.Empty<string>()];
        foreach (string file in files)
            ModelRequests.RequireFile(Tool, file);
        ProjectRequest request = ModelRequests.ToMeasure(Tool, files[0], parse.GetValue(data), settings.Read(parse, Tool.PathOf));
        using MeasuredModel? measured = MeasuredModel.Open(request, problems, Tool.Cancellation);
        if (measured is null)
            return CommandOutcome.Nothing(ExitCode.Problem);
        IReadOnlyList<InputTensor> inputs = Inputs(measured, wishes.Batch);
        BenchResult result = Watch(progress => Measure(files, measured, inputs, wishes, progress));
        return new CommandOutcome(result, writer => BenchText.Write(writer, result));
    }

    /// <exception cref="ProblemException">The shape of an input does not follow from the model.</exception>
    private static IReadOnlyList<InputTensor> Inputs(MeasuredModel measured, int batch)
    {
        if (measured.Data is { } data)
        {
            var stream = new SampleStream(data, Data.SampleSelection.All, (int)(data.Inputs.Select(input => input.FixedBatch).FirstOrDefault(fixedBatch => fixedBatch is not null) ?? batch));
            return stream.Read().First().Inputs;
        }
        return SyntheticSample.Of(measured.Job.Signature, batch, measured.Job.Settings.DataShapes, freeAxis: null, out string input)
            ?? throw new ProblemException(
                $"the shape of the input {input} does not follow from the model. Give it, without the first axis: --data-shape \"name=[3,224,224]\", or give samples with --data.");
    }

    private BenchResult Measure(
        string[] files, MeasuredModel measured, IReadOnlyList<InputTensor> inputs, BenchWishes wishes, IProgress<StageProgress> progress)
    {
        string name = Path.GetFileNameWithoutExtension(files[0]);
        var loads = new LoadFigures[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            progress.Report(new StageProgress(name, "load", (double)i / files.Length));
            loads[i] = LoadProcess.Measure(Tool, files[i], inputs, wishes.Threads);
        }
        IInferenceEngine engine = Tool.CreateEngine(wishes.Threads);
        using IInferenceSession first = engine.Open(measured.Model.ToImage());
        using IInferenceSession? second = files.Length > 1
            ? engine.Open(OnnxModelReader.Load(Tool.PathOf(files[1]), new DiagnosticOrigin(files[1]), mayBeQuantized: true).WithFixedInputs(measured.Job.FixedInputs).ToImage())
            : null;
        string[] outputs = [.. measured.Model.Graph.OutputNames];
        string[] otherOutputs = files.Length > 1
            ? [.. OnnxModelReader.LoadOutline(Tool.PathOf(files[1]), new DiagnosticOrigin(files[1]), mayBeQuantized: true).Signature.Outputs.Select(output => output.Name)]
            : [];
        PairedTiming timing = PairedTiming.Measure(
            () => first.Run(inputs, outputs, (_, _) => { }),
            second is null ? null : () => second.Run(inputs, otherOutputs, (_, _) => { }),
            TimeSpan.FromSeconds(wishes.Seconds),
            part => progress.Report(new StageProgress(name, "time", part)),
            Tool.Cancellation);
        return new BenchResult(
            inputs.Count > 0 && inputs[0].Shape.Count > 0 ? inputs[0].Shape[0] : 1,
            wishes.Threads,
            inputs.ToDictionary(input => input.Name, input => input.Shape, StringComparer.Ordinal),
            timing.First.Count,
            [.. files.Select((file, i) => Benched(file, i == 0 ? timing.First : timing.Second, loads[i]))],
            second is null ? null : RatioOf(timing));
    }

    private static BenchedModel Benched(string file, IReadOnlyList<double> times, LoadFigures load) => new(
        file, Round(PairedTiming.Quantile(times, 0.5)), Round(PairedTiming.Quantile(times, 0.95)), Round(load.LoadMilliseconds), load.PeakMemoryBytes);

    private static BenchRatio RatioOf(PairedTiming timing)
    {
        (double median, double low, double high) = timing.Ratio();
        return new BenchRatio(Round(median), Round(low), Round(high));
    }

    private static double Round(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
