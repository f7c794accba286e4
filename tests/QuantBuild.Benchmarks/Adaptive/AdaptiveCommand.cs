using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Adaptive;

/// <summary><c>adaptive</c>: a real program with the generated adaptive class, while the machine is calm, while other threads take all of its
/// processors, and after that.</summary>
internal static class AdaptiveCommand
{
    private const int Width = 1536;

    private const int Samples = 64;

    /// <summary>Prints a row for each phase; what a call gives is looked at, so that one that was dropped or mixed up counts as lost.</summary>
    private const string Program = """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Globalization;
        using System.Linq;
        using System.Threading;
        using App;

        var input = Enumerable.Range(0, 1536).Select(i => (float)Math.Sin(i)).ToArray();
        float[] expected;
        TimeSpan calm;
        using (Net model = Net.Load(NetVariant.None))
        {
            expected = model.Run(input).Y.ToArray();
            calm = Quantile(Enumerable.Range(0, 200).Select(_ => Timed(() => model.Run(input))).Skip(50).ToList(), 0.9);
        }
        TimeSpan budget = calm * 1.6;
        using NetAdaptive adaptive = Net.LoadAdaptive(new NetAdaptiveOptions { LatencyBudget = budget });
        int moves = 0;
        adaptive.Changed += (sender, e) => Interlocked.Increment(ref moves);
        Console.WriteLine("| phase | variant at its end | p50 ms | p95 ms | budget ms | late calls | calls | lost calls | changes |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|");
        Phase("calm", 5);
        bool isLoaded = true;
        Thread[] load = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() => { while (Volatile.Read(ref isLoaded)) { } })).ToArray();
        foreach (Thread thread in load)
            thread.Start();
        Phase("all processors busy", 10);
        Volatile.Write(ref isLoaded, false);
        foreach (Thread thread in load)
            thread.Join();
        Phase("calm again", 15);

        void Phase(string name, double seconds)
        {
            var latencies = new List<TimeSpan>();
            int lost = 0;
            int before = moves;
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                latencies.Add(Timed(() =>
                {
                    try
                    {
                        float[] actual = adaptive.Run(input).Y.ToArray();
                        if (actual.Length != expected.Length || actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max() > 0.2f * expected.Max(Math.Abs))
                            lost++;
                    }
                    catch (Exception)
                    {
                        lost++;
                    }
                }));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {adaptive.Current} | {Quantile(latencies, 0.5).TotalMilliseconds:0.00} | {Quantile(latencies, 0.95).TotalMilliseconds:0.00} | {budget.TotalMilliseconds:0.00} | {100.0 * latencies.Count(latency => latency > budget) / latencies.Count:0.0} % | {latencies.Count} | {lost} | {moves - before} |"));
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

        DotNetRun build = project.Build("-c", "Debug");
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
