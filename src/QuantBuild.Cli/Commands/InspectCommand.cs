using System.CommandLine;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Cli.Rendering;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Cli.Commands;

/// <summary>Tells what a model is made of, and what quantizing would do to it.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private readonly Argument<string> model = new("MODEL") { Description = "An .onnx file, quantized or not." };
    private readonly Option<string?> data = new("--data")
    {
        Description = "Samples for one run, so that the shapes of all values are observed; without them inputs are made up.", HelpName = "path",
    };

    private readonly Option<bool> nodes = new("--nodes") { Description = "List every node, too." };
    private readonly SettingOptions settings;

    public InspectCommand(ToolContext tool)
        : base("inspect", "Show operators, parameters and sizes of a model, and what would run in integers, what stays float and why.", tool)
    {
        Arguments.Add(model);
        Options.Add(data);
        Options.Add(nodes);
        settings = new SettingOptions(this, setting => DecidesPlacement(setting) || ModelRequests.IsAboutData(setting));
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string written = parse.GetValue(model)!;
        ModelRequests.RequireFile(Tool, written);
        WrittenOptions options = settings.Read(parse, Tool.PathOf);
        ProjectRequest request = ModelRequests.ToMeasure(Tool, written, parse.GetValue(data), options);
        request = request with { Models = [.. request.Models.Select(model => model with { Metadata = [.. model.Metadata, .. Exclusions(options)] })] };
        using MeasuredModel? measured = MeasuredModel.Open(request, problems, Tool.Cancellation);
        if (measured is null)
            return CommandOutcome.Nothing(ExitCode.Problem);
        QuantizationSettings wanted = measured.Job.Settings with
        {
            Scheme = SchemeOf(options, problems), Objective = Word(options, SettingCatalogue.Objective, QuantizationObjective.Size, problems),
        };
        if (problems.HasErrors)
            return CommandOutcome.Nothing(ExitCode.Problem);
        ModelOverview overview = Watch(progress =>
        {
            progress.Report(new StageProgress(wanted.Name, "inspect", 0));
            return new ModelInspector(Tool.CreateEngine(null)).Inspect(measured, wanted, problems);
        });
        bool lists = parse.GetValue(nodes);
        return new CommandOutcome(overview, writer => InspectText.Write(writer, overview, lists));
    }

    private static bool DecidesPlacement(SettingDescriptor setting) =>
        setting == SettingCatalogue.Scheme || setting == SettingCatalogue.Objective || setting == SettingCatalogue.ExcludedNodes
        || setting == SettingCatalogue.ExcludedOperators;

    private static IEnumerable<SettingText> Exclusions(WrittenOptions options) =>
        options.Only(setting => setting == SettingCatalogue.ExcludedNodes || setting == SettingCatalogue.ExcludedOperators).Texts
            .Where(text => SettingCatalogue.All.Any(setting => SettingOptions.IsName(setting, text.Name)));

    /// <summary>What a model with samples gets by default, whether there are samples here or not.</summary>
    private static QuantizationScheme SchemeOf(WrittenOptions options, DiagnosticBag problems)
    {
        string text = Word(options, SettingCatalogue.Scheme, problems);
        return text == "Palettized" ? QuantizationScheme.WeightOnly
            : Enum.TryParse(text, ignoreCase: true, out QuantizationScheme scheme) ? scheme
            : QuantizationScheme.Static;
    }

    private static T Word<T>(WrittenOptions options, SettingDescriptor setting, T standard, DiagnosticBag problems)
        where T : struct, Enum => Enum.TryParse(Word(options, setting, problems), ignoreCase: true, out T value) ? value : standard;

    /// <returns>The value in its normal spelling; empty when it is not written, or refused.</returns>
    private static string Word(WrittenOptions options, SettingDescriptor setting, DiagnosticBag problems)
    {
        if (options.ValueOf(setting) is not { } text || text.Trim().Length == 0)
            return "";
        SettingReading reading = setting.Read(text);
        if (reading.Verdict == SettingVerdict.Valid)
            return reading.Value;
        string suggestion = setting.Kind.Nearest(text) is { } nearest ? $"Did you mean '{nearest}'? " : "";
        problems.Add(DiagnosticCatalogue.InvalidValue.At(null, text, setting.Name, $"{suggestion}Allowed: {setting.Kind.Allowed}."));
        return "";
    }
}
