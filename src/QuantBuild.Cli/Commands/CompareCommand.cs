using System.CommandLine;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>Compares two models on the same samples, at their outputs and layer by layer.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private const int NamedLayers = 10;

    private readonly Argument<string> first = new("A") { Description = "The model that is taken as right, usually the float model." };
    private readonly Argument<string> second = new("B") { Description = "The model that is compared with it. A report beside it tells which inner values belong together." };
    private readonly Option<string> data = new("--data") { Description = "Samples that both models run on.", HelpName = "path", Required = true };
    private readonly Option<string?> report = new("--report") { Description = "Report of B, where it is not beside it.", HelpName = "file.json" };
    private readonly Option<int> layers = new("--layers")
    {
        Description = "So many of the worst layers are shown; 0: outputs only.", HelpName = "number", DefaultValueFactory = _ => NamedLayers,
    };

    private readonly SettingOptions settings;

    public CompareCommand(ToolContext tool)
        : base("compare", "Compare the outputs and layers of two models on samples: signal-to-noise ratio, cosine, largest difference, agreement.", tool)
    {
        Arguments.Add(first);
        Arguments.Add(second);
        Options.Add(data);
        Options.Add(report);
        Options.Add(layers);
        settings = new SettingOptions(this, ModelRequests.IsAboutData);
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string firstName = parse.GetValue(first)!;
        string secondName = parse.GetValue(second)!;
        int shown = parse.GetValue(layers);
        if (shown < 0)
            throw new UsageException("--layers is a number from 0.");
        ModelRequests.RequireFile(Tool, firstName);
        ModelRequests.RequireFile(Tool, secondName);
        ProjectRequest request = ModelRequests.ToMeasure(Tool, firstName, parse.GetValue(data), settings.Read(parse, Tool.PathOf));
        using MeasuredModel? measured = MeasuredModel.Open(request, problems, Tool.Cancellation);
        if (measured is null)
            return CommandOutcome.Nothing(ExitCode.Problem);
        OnnxModel other = OnnxModelReader.Load(Tool.PathOf(secondName), new DiagnosticOrigin(secondName), mayBeQuantized: true);
        RefuseOtherSignature(measured, other, firstName, secondName);
        QuantizationReport? told = ReportOf(secondName, parse.GetValue(report), other);
        ModelDifference difference = Watch(progress =>
            new ModelComparer(Tool.CreateEngine(null), progress).Compare(measured, other, secondName, told, shown > 0, Tool.Cancellation));
        return new CommandOutcome(difference, writer => CompareText.Write(writer, difference, shown));
    }

    private static void RefuseOtherSignature(MeasuredModel measured, OnnxModel other, string firstName, string secondName)
    {
        string[] own = [.. measured.Job.Signature.Inputs.Select(input => input.Name).Order(StringComparer.Ordinal)];
        string[] others = [.. other.Signature.Inputs.Select(input => input.Name).Order(StringComparer.Ordinal)];
        if (!own.SequenceEqual(others))
        {
            throw new ProblemException(
                $"'{firstName}' and '{secondName}' take different inputs ({string.Join(", ", own)}; {string.Join(", ", others)}), so that they cannot run on the same samples.");
        }
        if (!measured.Model.Graph.OutputNames.Intersect(other.Graph.OutputNames, StringComparer.Ordinal).Any())
        {
            throw new ProblemException(
                $"'{firstName}' and '{secondName}' have no output of the same name ({string.Join(", ", measured.Model.Graph.OutputNames)}; "
                + $"{string.Join(", ", other.Graph.OutputNames)}).");
        }
    }

    /// <summary>The report that was asked for; else the one beside the model, when it is of this model.</summary>
    private QuantizationReport? ReportOf(string model, string? asked, OnnxModel read)
    {
        if (asked is not null)
            return ReportFile.Read(Tool.PathOf(asked), asked);
        string beside = ReportFile.Beside(Tool.PathOf(model));
        if (!File.Exists(beside))
            return null;
        QuantizationReport found = ReportFile.Read(beside, beside);
        if (found.Size.QuantizedBytes == read.SizeBytes)
            return found;
        Tool.Console.Error.WriteLine($"note: '{beside}' is the report of another model; values of equal names are compared.");
        return null;
    }
}
