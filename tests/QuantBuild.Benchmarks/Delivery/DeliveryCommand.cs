using System.Globalization;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Delivery;

/// <summary><c>delivery</c>: what each way of bringing a model to a program costs, in time and in memory. Each figure is the median of some
/// processes, each of which loads a model in one way.</summary>
internal static class DeliveryCommand
{
    public const string Usage = "usage: dotnet run -c Release --project tests/QuantBuild.Benchmarks -- delivery [--scheme Static]";

    /// <summary>Odd, so that the median is one of them.</summary>
    private const int Processes = 5;

    private static readonly (string Name, string Project, string Way)[] Rows =
    [
        ("no model, ONNX Runtime alone", "Embedded", "nothing"),
        ("Embed=true, Load()", "Embedded", "load"),
        ("Embed=true, OpenModel() through MemoryStream.ToArray()", "Embedded", "copy"),
        ("Embed=false, one file, Load()", "OneFile", "load"),
        ("Embed=false, weights beside it, Load()", "Beside", "load"),
        ("LoadFrom(path), one file", "OneFile", "path"),
        ("LoadFrom(path), VerifyHash = false", "OneFile", "unverified"),
    ];

    private static readonly string[] Columns =
        ["delivery", "load ms", "peak MiB", "after 20 calls MiB", "after a collection MiB", "of that pages of files MiB"];

    /// <returns>1 when a build or a program fails, programs differ in what the model gives, or the arguments are wrong.</returns>
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string scheme = arguments is ["--scheme", var name] ? name : "Static";
        if (arguments is not ([] or ["--scheme", _]) || DeliveryProjects.FloatBytesPerByte(scheme) is not { } ratio)
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }
        using var projects = new DeliveryProjects(scheme, ratio);
        Dictionary<(string, string), List<double[]>> figures = [];
        HashSet<string> outputs = [];
        for (int process = 0; process < Processes; process++)
        {
            foreach ((_, string project, string way) in Rows)
            {
                string[] words = projects.Run(project, way).Split(' ');
                if (way != "nothing")
                    outputs.Add(words[^1]);
                if (!figures.TryGetValue((project, way), out List<double[]>? seen))
                    figures[(project, way)] = seen = [];
                seen.Add([.. words[..^1].Select(word => double.Parse(word, CultureInfo.InvariantCulture))]);
            }
        }
        Console.WriteLine($"{Machine.Description} {scheme}, {projects.Description}; medians of {Processes} processes.\n");
        Console.Write(MarkdownTable.Of(Columns, 1, Rows.Select(row => Medians(figures[(row.Project, row.Way)]).Prepend(row.Name))));
        if (outputs.Count == 1)
            return 0;
        Console.Error.WriteLine($"The programs do not calculate the same: {string.Join(", ", outputs)}");
        return 1;
    }

    private static IEnumerable<string> Medians(List<double[]> processes) => Enumerable.Range(0, Columns.Length - 1)
        .Select(column => processes.Select(figures => figures[column]).Order().ElementAt(Processes / 2).ToString("F0", CultureInfo.InvariantCulture));
}
