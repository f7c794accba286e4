using System.CommandLine;
using QuantBuild.Cli.CommandLine;

namespace QuantBuild.Cli.Commands;

/// <summary>The options that say how models are timed.</summary>
internal sealed class BenchOptions
{
    private readonly Option<int> batch = new("--batch") { Description = "Samples in one run.", HelpName = "number", DefaultValueFactory = _ => 1 };
    private readonly Option<int> threads = new("--threads") { Description = "Threads of ONNX Runtime.", HelpName = "number", DefaultValueFactory = _ => 1 };
    private readonly Option<string> seconds = new("--seconds") { Description = "How long runs are timed.", HelpName = "number", DefaultValueFactory = _ => "3" };

    public BenchOptions(Command command, bool hasDuration)
    {
        command.Options.Add(batch);
        command.Options.Add(threads);
        if (hasDuration)
            command.Options.Add(seconds);
    }

    /// <exception cref="UsageException">A number is out of its range.</exception>
    public BenchWishes Read(ParseResult parse)
    {
        var wishes = new BenchWishes(parse.GetValue(batch), parse.GetValue(threads), SecondsOf(parse.GetValue(seconds) ?? "0"));
        if (wishes.Batch is < 1 or > 1 << 16)
            throw new UsageException("--batch is a whole number from 1 to 65536.");
        if (wishes.Threads is < 1 or > 1024)
            throw new UsageException("--threads is a whole number from 1 to 1024.");
        return wishes;
    }

    /// <summary>With a decimal point, whatever the culture.</summary>
    private static double SecondsOf(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out double number) && number <= 3600
            ? number
            : throw new UsageException($"--seconds is a number from 0 to 3600 with a decimal point, not '{text}'.");
}

internal sealed record BenchWishes(int Batch, int Threads, double Seconds);
