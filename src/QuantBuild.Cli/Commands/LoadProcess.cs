using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Cli.Commands;

/// <summary>What loading a model costs.</summary>
internal sealed record LoadFigures(double LoadMilliseconds, long PeakMemoryBytes);

/// <summary>Loads a model and runs it once, in a process of its own: memory and first times of one model are not those of another.</summary>
/// <remarks>The command is not for people, and is not listed.</remarks>
internal sealed class LoadProcess : ToolCommand
{
    public const string CommandName = "measure-load";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Argument<string> model = new("MODEL");
    private readonly BenchOptions options;
    private readonly Option<string> shapes = new("--shapes");

    public LoadProcess(ToolContext tool)
        : base(CommandName, "Load a model and run it once.", tool)
    {
        Hidden = true;
        Arguments.Add(model);
        Options.Add(shapes);
        options = new BenchOptions(this, hasDuration: false);
    }

    /// <summary>Starts this program anew.</summary>
    /// <exception cref="ProblemException">The model does not load or run.</exception>
    public static LoadFigures Measure(ToolContext tool, string model, IReadOnlyList<InputTensor> inputs, int threads)
    {
        string shapes = string.Join(';', inputs.Select(input => $"{input.Name}=[{string.Join(',', input.Shape)}]"));
        var start = new ProcessStartInfo(DotNet, ["exec", typeof(LoadProcess).Assembly.Location, CommandName, tool.PathOf(model), "--json",
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--shapes", shapes])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = tool.Directory,
        };
        using Process process = Process.Start(start) ?? throw new ProblemException($"'{DotNet}' does not start.");
        using CancellationTokenRegistration stop = tool.Cancellation.Register(() => Kill(process));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Limit))
            Kill(process);
        tool.Cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != ExitCode.Success)
            throw new ProblemException($"'{model}' cannot be loaded: {errors.Result.Trim()}");
        using JsonDocument result = JsonDocument.Parse(output);
        JsonElement figures = result.RootElement.GetProperty("result");
        return new LoadFigures(figures.GetProperty("loadMilliseconds").GetDouble(), figures.GetProperty("peakMemoryBytes").GetInt64());
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string written = parse.GetValue(model)!;
        int threads = options.Read(parse).Threads;
        OnnxModel loaded = OnnxModelReader.Load(Tool.PathOf(written), new DiagnosticOrigin(written), mayBeQuantized: true);
        ModelSignature signature = loaded.Signature;
        IReadOnlyList<InputTensor> inputs = SyntheticSample.Of(
            signature, 1, Settings.NamedShapes.Split(parse.GetValue(shapes) ?? ""), freeAxis: null, out string input)
            ?? throw new ProblemException($"the shape of the input {input} is not known");
        ModelImage image = loaded.ToImage();
        IInferenceEngine engine = Tool.CreateEngine(threads);
        _ = engine.Identity;
        using var self = Process.GetCurrentProcess();
        long before = self.WorkingSet64;
        long start = Stopwatch.GetTimestamp();
        using IInferenceSession session = engine.Open(image);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        session.Run(inputs, [.. signature.Outputs.Select(output => output.Name)], (_, _) => { });
        self.Refresh();
        var figures = new LoadFigures(milliseconds, Math.Max(0, self.PeakWorkingSet64 - before));
        return new CommandOutcome(figures, writer => writer.WriteLine($"{figures.LoadMilliseconds} {figures.PeakMemoryBytes}"));
    }

    /// <summary>The program that runs this one; a tool is started by a small program of its own.</summary>
    private static string DotNet => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }
}
