using System.Globalization;
using System.Text.Json;
using QuantBuild.Placement.Costs;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>How long do kernels take? Makes the table of a target profile.</summary>
internal static class CostsCommand
{
    /// <summary>Nanoseconds that the difference of two chains may be off.</summary>
    private const double Tolerance = 300;

    /// <summary>Nanoseconds per element that nothing depends on.</summary>
    private const double Negligible = 1e-6;

    /// <param name="arguments">Where the table goes as JSON; empty: nowhere. Further ones: kernels that are timed, all others of the file stay as they are;
    /// a name that ends in a slash stands for all that begin with it.</param>
    public static int Run(string[] arguments)
    {
        string? output = arguments is ["--output", var path, ..] ? path : null;
        string[] only = output is null ? arguments : arguments[2..];
        var table = new SortedDictionary<string, KernelCostPair>(StringComparer.Ordinal);
        if (output is not null && only.Length > 0)
            foreach ((string kernel, KernelCostPair cost) in JsonSerializer.Deserialize<Dictionary<string, KernelCostPair>>(File.ReadAllText(output))!)
                table.Add(kernel, cost);
        foreach (IGrouping<string, KernelCase> kernel in KernelCases.All.GroupBy(entry => entry.Kernel).Where(group => only.Length == 0 || IsWanted(group.Key)))
            table[kernel.Key] = Measure([.. kernel]);
        if (output is not null)
            File.WriteAllText(output, JsonSerializer.Serialize(table, new JsonSerializerOptions { WriteIndented = true }) + "\n");
        return 0;

        bool IsWanted(string kernel) => only.Any(name => name.EndsWith('/') ? kernel.StartsWith(name, StringComparison.Ordinal) : kernel == name);
    }

    private static KernelCostPair Measure(KernelCase[] cases)
    {
        (double Float, double Integer)[] times =
        [
            .. cases.Select(entry => KernelTimer.Measure(entry) is var time && entry.IsSurcharge ? (0, time.Integer - time.Float) : time),
        ];
        KernelCost floats = Fit(cases.Zip(times, (entry, time) => (entry.FloatWork, time.Float)));
        KernelCost integers = Fit(cases.Zip(times, (entry, time) => (entry.IntegerWork, time.Integer)));
        for (int i = 0; i < cases.Length; i++)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{cases[i].Kernel,-28} {string.Join('x', cases[i].Shape),-16} MACs {cases[i].IntegerWork.MultiplyAdds,12:0} float {times[i].Float,10:0} ns (fit {floats.Of(cases[i].FloatWork) / times[i].Float:0.00}) integer {times[i].Integer,10:0} ns (fit {integers.Of(cases[i].IntegerWork) / times[i].Integer:0.00}) ratio {times[i].Float / times[i].Integer:0.00} (fit {floats.Of(cases[i].FloatWork) / integers.Of(cases[i].IntegerWork):0.00})"));
        Console.WriteLine($"  float {floats}");
        Console.WriteLine($"  integer {integers}");
        return new KernelCostPair(floats, integers);
    }

    private static KernelCost Fit(IEnumerable<(KernelWork Work, double Nanoseconds)> measured)
    {
        (KernelWork Work, double Nanoseconds)[] all = [.. measured];
        double[] values = LeastSquares.FitNonNegative(
            [.. all.Select(entry => entry.Work.Features)], [.. all.Select(entry => entry.Nanoseconds)], Tolerance);
        double[] rounded = [.. values.Select(Round)];
        return new KernelCost(rounded[0], rounded[1], rounded[2], rounded[3], rounded[4], rounded[5], rounded[6]);
    }

    /// <summary>Four digits; what the fit left of a coefficient that it drove towards zero is zero.</summary>
    private static double Round(double value) =>
        value < Negligible ? 0 : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
