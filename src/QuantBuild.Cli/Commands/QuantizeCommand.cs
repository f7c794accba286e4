using System.CommandLine;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>What came out of quantizing a model.</summary>
/// <param name="Model">The float model.</param>
/// <param name="Output">The model that was made; null when it failed the gate.</param>
/// <param name="Weights">The file of its large weights; null when it holds them itself.</param>
/// <param name="Rejected">The model that failed the gate; null when it passed.</param>
internal sealed record QuantizeResult(
    string Model, string? Output, string? Weights, string? Rejected, string ReportFile, string Summary, IReadOnlyList<string> Notes, QuantizationReport Report);

/// <summary>Makes the quantized form of a model.</summary>
internal class QuantizeCommand : ToolCommand
{
    private const string Extension = ".onnx";

    private readonly Argument<string> model = new("MODEL") { Description = "The float model, an .onnx file." };
    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "File (NAME.onnx) or folder of the quantized model; NAME.quantized.onnx beside the model when it is left out. The report goes beside it.",
        HelpName = "path",
    };

    private readonly SettingOptions settings;

    public QuantizeCommand(ToolContext tool)
        : this("quantize", "Quantize a model, measure how accurate it still is, and write it with its report.", tool)
    {
    }

    protected QuantizeCommand(string name, string description, ToolContext tool)
        : base(name, description, tool)
    {
        Arguments.Add(model);
        Options.Add(output);
        settings = new SettingOptions(this, _ => true);
    }

    /// <summary>The settings that the command works with.</summary>
    protected virtual WrittenOptions Settle(WrittenOptions written) => written;

    protected virtual void Render(TextWriter writer, QuantizeResult result) => QuantizeText.Write(writer, result);

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string written = parse.GetValue(model)!;
        ModelRequests.RequireFile(Tool, written);
        WrittenOptions options = Settle(settings.Read(parse, Tool.PathOf));
        if (!options.Has(SettingCatalogue.Embed) && !options.Has(SettingCatalogue.Compression))
            options = options.With(SettingCatalogue.Embed, "false");
        (string folder, string name) = Destination(written, parse.GetValue(output));
        ProjectRequest request = ModelRequests.ToQuantize(Tool, written, options, folder, name);
        IInferenceEngine engine = Tool.CreateEngine(null);
        ProjectResult result;
        try
        {
            result = Watch(progress => new QuantizationPipeline(engine, progress).Quantize(request, Tool.Cancellation));
        }
        finally
        {
            // The entry of a lock file that a command has not.
            File.Delete(Path.Combine(folder, OutputNames.LockEntry(name)));
        }
        problems.AddRange(result.Diagnostics);
        if (result.Models is not [var made])
            return CommandOutcome.Nothing(ExitCode.Success);

        string reportFile = Path.Combine(folder, OutputNames.Report(name));
        var quantized = new QuantizeResult(
            written,
            Existing(OutputNames.QuantizedModel(name)),
            Existing(OutputNames.Weights(OutputNames.QuantizedModel(name))),
            Existing(OutputNames.RejectedModel(name)),
            reportFile,
            made.Summary!,
            made.Notes,
            ReportFile.Read(reportFile, reportFile));
        return new CommandOutcome(quantized, writer => Render(writer, quantized));

        string? Existing(string file) => File.Exists(Path.Combine(folder, file)) ? Path.Combine(folder, file) : null;
    }

    /// <exception cref="UsageException">The model would be written over itself.</exception>
    private (string Folder, string Name) Destination(string written, string? output)
    {
        string source = Tool.PathOf(written);
        string ownName = Path.GetFileNameWithoutExtension(source);
        string file = output is null ? Path.Combine(Path.GetDirectoryName(source)!, $"{ownName}.quantized{Extension}")
            : output.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(Tool.PathOf(output)) ? Tool.PathOf(output)
            : Path.Combine(Tool.PathOf(output), ownName + Extension);
        if (string.Equals(file, source, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{file}' is the float model, which is not overwritten. Give another --output.");
        return (Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file));
    }
}
