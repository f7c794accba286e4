using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Adaptive;

/// <summary><c>adaptive</c>: a real program with the generated adaptive class, while the machine is calm, while other threads take all of its
/// processors, and after that.</summary>
internal static class AdaptiveCommand
{
    private const int Width = 1536;

    private const int Samples = 64;

    /// <summary>Prints what calls of the most accurate form take, in a row and in between of calls of the other, then a row for each phase. What a call
    /// gives is looked at, so that one that was dropped or mixed up counts as lost.</summary>
    private const string Program = """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Globalization;
        using System.Linq;
        using System.Threading;
        using App;

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        // Eight rows, so that a call is bound by arithmetic, as those of most nets are.
        float[] input = Enumerable.Range(0, 8 * 1536).Select(i => (float)Math.Sin(i)).ToArray();
        float[] expected;
        TimeSpan calm;
        using (Net accurate = Net.Load(NetVariant.None))
        using (Net fast = Net.Load(NetVariant.Static))
        {
            expected = accurate.Run(input).Y.ToArray();
            List<TimeSpan> inARow = Enumerable.Range(0, 400).Select(_ => Timed(() => accurate.Run(input))).Skip(100).ToList();
            calm = Quantile(inARow, 0.95);
            List<TimeSpan> fastInARow = Enumerable.Range(0, 400).Select(_ => Timed(() => fast.Run(input))).Skip(100).ToList();
            List<TimeSpan> between = Enumerable.Range(0, 100).Select(_ =>
            {
                for (int call = 0; call < 4; call++)
                    fast.Run(input);
                return Timed(() => accurate.Run(input));
            }).ToList();
            Console.WriteLine("| calls | p50 ms | p95 ms |\n|---|--:|--:|");
            foreach ((string name, List<TimeSpan> latencies) in new[] { ("None, in a row", inARow), ("Static, in a row", fastInARow), ("None, after four of Static", between) })
                Console.WriteLine($"| {name} | {Quantile(latencies, 0.5).TotalMilliseconds:0.00} | {Quantile(latencies, 0.95).TotalMilliseconds:0.00} |");
        }
        TimeSpan budget = calm * 1.5;
        using NetAdaptive adaptive = Net.LoadAdaptive(new NetAdaptiveOptions { LatencyBudget = budget });
        var clock = Stopwatch.StartNew();
        var moves = new List<string>();
        adaptive.Changed += (sender, e) => moves.Add($"{adaptive.Current} at {clock.Elapsed.TotalSeconds:0.0} s");
        Console.WriteLine("\n| phase | from s | form at its end | calls on it | p50 ms | p95 ms | budget ms | late calls | calls | lost calls | changes |");
        Console.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|---|");
        Phase("calm", 10);
        bool isLoaded = true;
        Thread[] load = Enumerable.Range(0, 3 * Environment.ProcessorCount).Select(_ => new Thread(() => { while (Volatile.Read(ref isLoaded)) { } })).ToArray();
        foreach (Thread thread in load)
            thread.Start();
        Phase("all processors busy", 20);
        Volatile.Write(ref isLoaded, false);
        foreach (Thread thread in load)
            thread.Join();
        Phase("calm again", 40);

        void Phase(string name, double seconds)
        {
            var latencies = new List<TimeSpan>();
            var forms = new List<NetVariant>();
            int lost = 0;
            int before = moves.Count;
            double from = clock.Elapsed.TotalSeconds;
            while (clock.Elapsed.TotalSeconds < from + seconds)
            {
                forms.Add(adaptive.Current);
                float[] actual = null;
                latencies.Add(Timed(() =>
                {
                    try
                    {
                        actual = adaptive.Run(input).Y.ToArray();
                    }
                    catch (Exception)
                    {
                    }
                }));
                if (actual is null || actual.Length != expected.Length || actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max() > 0.2f * expected.Max(Math.Abs))
                    lost++;
            }
            double share = 100.0 * forms.Count(form => form == adaptive.Current) / forms.Count;
            double late = 100.0 * latencies.Count(latency => latency > budget) / latencies.Count;
            Console.WriteLine($"| {name} | {from:0.0} | {adaptive.Current} | {share:0} % | {Quantile(latencies, 0.5).TotalMilliseconds:0.00} | {Quantile(latencies, 0.95).TotalMilliseconds:0.00} "
                + $"| {budget.TotalMilliseconds:0.00} | {late:0.0} % | {latencies.Count} | {lost} | {string.Join(", ", moves.Skip(before))} |");
        }

        static TimeSpan Timed(Action call)
        {
            long started = Stopwatch.GetTimestamp();
            call();
            return Stopwatch.GetElapsedTime(started);
        }

        static TimeSpan Quantile(List<TimeSpan> latencies, double share) => latencies.Order().ElementAt((int)(share * (latencies.Count - 1)));
        """;

    public static int Run()
    {
        using PackageSource source = PackageSource.Find();
        using var project = new TempProject(source);
        ModelBuilder model = new ModelBuilder().Input("x", $"n,{Width}").Output("y");
        string value = "x";
        for (int layer = 1; layer <= 3; layer++)
        {
            string next = layer == 3 ? "y" : $"h{layer}";
            model.Weights($"w{layer}", Width, Width).Weights($"b{layer}", Width).Node("Gemm", $"{value} w{layer} b{layer}", layer == 3 ? next : $"g{layer}");
            if (layer < 3)
                model.Node("Relu", $"g{layer}", next);
            value = next;
        }
        File.WriteAllBytes(project.File("Models/net.onnx"), model.ToBytes());
        NpzWriter.Write(project.File("Data/net.npz"), [NamedArray.Of("x", [Samples, Width], SeededValues.Floats("x", -1, 1, Samples * Width))]);
        project.Write("Program.cs", Program);
        project.WriteProject("""<QuantizeModel Include="Models/net.onnx" CalibrationData="Data/net.npz" Variants="None;Static" />""");

        DotNetRun build = project.Build();
        if (build.ExitCode != 0)
        {
            Console.Error.WriteLine(build.Output);
            return build.ExitCode;
        }
        DotNetRun run = project.RunProgram();
        Console.Write(run.Output);
        Console.Error.Write(run.Errors);
        return run.ExitCode;
    }
}
