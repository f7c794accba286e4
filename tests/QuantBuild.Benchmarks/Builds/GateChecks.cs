using System.Globalization;
using System.Text.RegularExpressions;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Builds;

/// <summary>Builds a project with a limit and prints one line per thing that has to be so.</summary>
internal sealed partial class GateChecks(FileMeasurement measurement)
{
    /// <summary>Messages have four decimals of a percentage point.</summary>
    private const double MessageRoundingPoints = 0.00005;

    public bool AllHold { get; private set; } = true;

    /// <summary>The limit stops the build.</summary>
    /// <param name="attribute">The limit as metadata of the item.</param>
    /// <returns>The rejected file, as measured here.</returns>
    public Comparison Fails(BenchProject project, string situation, string attribute, string code)
    {
        Console.WriteLine(situation);
        project.WriteProject(attribute);
        DotNetRun run = project.Build();
        string[] codes = [.. ErrorCode().Matches(run.Output).Select(match => match.Groups[1].Value).Distinct()];
        Check(run.ExitCode == 1, $"exit code 1: {run.ExitCode}");
        Check(codes is [var only] && only == code, $"the error is {code} and no other: {string.Join(' ', codes)}");
        Check(!project.Assemblies.Any(), $"no assembly in bin or obj: {project.Assemblies.Count()}");
        Check(!File.Exists(project.ShippedPath), "no model that could ship");

        Comparison measured = measurement.Compare(project.RejectedPath);
        Match message = DropInMessage().Match(run.Output);
        double measuredPoints = measured.Drop * 100;
        double messagePoints = message.Success ? double.Parse(message.Groups[1].Value, CultureInfo.InvariantCulture) : double.NaN;
        Check(
            Math.Abs(messagePoints - measuredPoints) <= MessageRoundingPoints,
            $"drop in the message: {messagePoints:0.00##} points; of the rejected file, evaluated here: {measuredPoints:0.00##} points");
        string? error = run.Output.Split('\n').FirstOrDefault(line => line.Contains(code, StringComparison.Ordinal));
        Console.WriteLine($"        {error?.Trim()}");
        return measured;
    }

    /// <summary>The limit lets the build pass.</summary>
    public void Passes(BenchProject project, string situation, string attribute)
    {
        Console.WriteLine(situation);
        project.WriteProject(attribute);
        DotNetRun run = project.Build();
        Check(run.ExitCode == 0, $"exit code 0: {run.ExitCode}");
        Check(project.Assemblies.Any(), "an assembly is there");
        Check(!File.Exists(project.RejectedPath), "no rejected model");
        Check(run.ExitCode == 0 && project.ProgramCarriesShippedFile(), "the program carries the model");
    }

    private void Check(bool holds, string what)
    {
        AllHold &= holds;
        Console.WriteLine($"  {(holds ? "ok  " : "FAIL")}  {what}");
    }

    [GeneratedRegex(@"\berror ([A-Z]+\d+):")]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"\bdrop (?:of )?(-?[\d.]*\d) points")]
    private static partial Regex DropInMessage();
}
