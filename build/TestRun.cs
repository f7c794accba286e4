using System.Globalization;
using System.Xml.Linq;

namespace QuantBuild.Build;

/// <summary>One run of all test projects of the solution, and the sum of their results.</summary>
internal sealed class TestRun(Repository repository)
{
    /// <param name="arguments">Handed on to <c>dotnet test</c>.</param>
    /// <returns>The exit code of the tests; 1 when not a single test ran.</returns>
    public int Run(string[] arguments)
    {
        if (Directory.Exists(repository.TestResults))
            Directory.Delete(repository.TestResults, recursive: true);

        int exitCode = Step.Run("Testing", () =>
            CommandRunner.DotNet(["test", "QuantBuild.sln", "-c", "Release", .. arguments]).In(repository.Root).Run());

        TestTotals totals = TestTotals.Read(repository.TestResults);
        if (exitCode == 0 && totals.Passed == 0)
        {
            Console.Error.WriteLine("error: no test ran.");
            exitCode = 1;
        }

        Console.WriteLine($"tests: {totals.Passed} passed, {totals.Failed} failed, {totals.Skipped} skipped");
        return exitCode;
    }
}

/// <summary>Sums over the result files (.trx) that the test projects leave.</summary>
internal sealed record TestTotals(int Passed, int Failed, int Skipped)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Counters of tests that ran and did not pass.</summary>
    private static readonly string[] FailureCounters = ["failed", "error", "timeout", "aborted"];

    public static TestTotals Read(string folder)
    {
        TestTotals totals = new(0, 0, 0);
        if (!Directory.Exists(folder))
            return totals;

        foreach (string path in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories))
        {
            XElement counters = XDocument.Load(path).Descendants(Trx + "Counters").Single();
            int Count(string name) => int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);

            int passed = Count("passed");
            int failed = FailureCounters.Sum(Count);

            // The counter of skipped tests stays 0 whatever was skipped, so it is the rest.
            totals = new(totals.Passed + passed, totals.Failed + failed, totals.Skipped + Count("total") - passed - failed);
        }

        return totals;
    }
}
