using System.Diagnostics;
using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Kills;

/// <summary>What is left when a build or its worker is killed at any moment, and is the next build right?</summary>
internal static class KillsCommand
{
    public const string Usage =
        "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- kills [--count 50] [--seed 1]   (on Linux, after 'pack')";

    /// <summary>Nothing of a build may live longer than that after its end.</summary>
    private static readonly TimeSpan EndOfWorkers = TimeSpan.FromSeconds(5);

    /// <returns>1 when anything is not as after an undisturbed build, or the arguments are wrong.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        int count = 50;
        int seed = 1;
        foreach (string[] pair in arguments.Chunk(2))
        {
            if (pair is ["--count", var number] && int.TryParse(number, NumberStyles.None, null, out int kills))
                count = kills;
            else if (pair is ["--seed", var start] && int.TryParse(start, NumberStyles.None, null, out int value))
                seed = value;
            else
                return Refuse();
        }
        if (!OperatingSystem.IsLinux())
            return Refuse();

        using PackageSource source = PackageSource.Find();
        using var project = new KilledProject(source);
        TimeSpan life = project.LifeOfTheWorker();
        Console.Error.WriteLine($"the worker lives {life.TotalSeconds:F1} s; {project.Reference}");
        var random = new Random(seed);
        var kinds = new Dictionary<string, List<KillOutcome>> { ["worker"] = [], ["build"] = [] };
        for (int i = 0; i < count; i++)
        {
            string victim = i % 2 == 0 ? "worker" : "build";
            TimeSpan moment = random.NextDouble() * life;
            KillOutcome outcome = project.Kill(victim == "build", moment, EndOfWorkers);
            kinds[victim].Add(outcome);
            Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {i + 1}: {victim} killed after {moment.TotalSeconds:F2} s: {outcome}");
        }

        Console.WriteLine(Table(kinds));
        return kinds.Values.SelectMany(outcomes => outcomes).All(outcome => outcome.IsRight) ? 0 : 1;
    }

    private static string Table(IReadOnlyDictionary<string, List<KillOutcome>> kinds) => MarkdownTable.Of(
        ["killed", "times", "in time", "workers left", "half-written", "next build failed", "other bytes", "left over", "slowest end"],
        textColumns: 1,
        kinds.Select(kind => new[]
        {
            kind.Key,
            $"{kind.Value.Count}",
            $"{kind.Value.Count(outcome => outcome.WasAlive)}",
            $"{kind.Value.Count(outcome => !outcome.WorkersEnded)}",
            $"{kind.Value.Count(outcome => outcome.HalfWritten)}",
            $"{kind.Value.Count(outcome => outcome.NextExitCode != 0)}",
            $"{kind.Value.Count(outcome => !outcome.SameBytes)}",
            $"{kind.Value.Count(outcome => outcome.LeftOver.Count > 0)}",
            $"{kind.Value.Select(outcome => outcome.EndSeconds).DefaultIfEmpty().Max():F1} s",
        }));

    private static int Refuse()
    {
        Console.Error.WriteLine(Usage);
        return 1;
    }
}
