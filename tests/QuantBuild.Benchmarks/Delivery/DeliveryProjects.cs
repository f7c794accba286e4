using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Delivery;

/// <summary>One net in three projects that differ in how they deliver it, built with the package.</summary>
internal sealed class DeliveryProjects : IDisposable
{
    /// <summary>A block of the net has 32 Mi weights.</summary>
    private const int Width = 2048;

    private const int Samples = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private const string Program = """
        using System;
        using System.Diagnostics;
        using System.Globalization;
        using System.IO;
        using System.Linq;
        using App;
        using Microsoft.ML.OnnxRuntime;

        float[] input = Enumerable.Range(0, 8 * 2048).Select(index => MathF.Sin(index)).ToArray();
        OrtEnv.Instance();
        long started = Stopwatch.GetTimestamp();
        using IDisposable model = args[0] switch
        {
            "load" => Net.Load(),
            "path" => Net.LoadFrom(Path.Combine(AppContext.BaseDirectory, "net.onnx")),
            "unverified" => Net.LoadFrom(Path.Combine(AppContext.BaseDirectory, "net.onnx"), new NetOptions { VerifyHash = false }),
            "copy" => LoadCopy(),
            _ => null,
        };
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        double sum = 0;
        for (int call = 0; call < 20; call++)
            sum = Call();
        double steady = MiB("VmRSS");
        // Aggressive, so that memory goes back to the system at once.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} {MiB("VmHWM"):F1} {steady:F1} {MiB("VmRSS"):F1} {MiB("RssFile"):F1} {sum:R}"));

        double Call()
        {
            if (model is Net net)
                return net.Run(input).Y.ToArray().Sum(value => (double)value);
            if (model is not InferenceSession session)
                return 0;
            using var options = new RunOptions();
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, [1, 8, 2048]);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["x"], [value], ["y"]);
            return results[0].GetTensorDataAsSpan<float>().ToArray().Sum(element => (double)element);
        }

        static InferenceSession LoadCopy()
        {
            using Stream stream = Net.OpenModel();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return new InferenceSession(copy.ToArray());
        }

        static double MiB(string field)
        {
            string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
            return double.Parse(line[(field.Length + 1)..^2], CultureInfo.InvariantCulture) / 1024;
        }
        """;

    private readonly PackageSource source = PackageSource.Find();
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, TempProject> projects = new(StringComparer.Ordinal);

    /// <param name="floatBytesPerByte">Bytes of the float model for each byte of the one that ships, which has 128 MiB of weights.</param>
    public DeliveryProjects(string scheme, int floatBytesPerByte)
    {
        string beside = folder.File("beside/net.onnx");
        string oneFile = folder.File("one/net.onnx");
        Directory.CreateDirectory(folder.File("beside"));
        Directory.CreateDirectory(folder.File("one"));
        Console.Error.WriteLine("writing the net");
        LargeModel.Write(beside, Width, floatBytesPerByte);
        using (FileStream stream = File.Create(oneFile))
            new ModelFileWriter(OnnxModelReader.Load(beside, new DiagnosticOrigin(beside)).ToImage()).WriteTo(stream);
        long[] shape = [Samples, LargeModel.Tokens, Width];
        NpzWriter.Write(folder.File("noise.npz"), NamedArray.Of(LargeModel.InputName, shape, SeededValues.Floats("noise", -2, 2, (int)shape.Aggregate((a, b) => a * b))));
        Build("Embedded", oneFile, scheme, "true");
        Build("OneFile", oneFile, scheme, "false");
        Build("Beside", beside, scheme, "false");
    }

    public string Description
    {
        get
        {
            string[] sizes = [.. projects.Select(project => $"{project.Key}: {string.Join(" + ", Shipped(project.Value))} MiB")];
            return string.Join(", ", sizes);
        }
    }

    /// <returns>Null for a scheme that is not known here.</returns>
    public static int? FloatBytesPerByte(string scheme) => scheme switch
    {
        "None" => 1,
        "Float16" => 2,
        "Static" or "Dynamic" or "WeightOnly" => 4,
        _ => null,
    };

    /// <summary>Runs the program once.</summary>
    /// <returns>Load time in milliseconds, four figures of memory in MiB and the sum of the outputs.</returns>
    /// <exception cref="InvalidOperationException">The program fails.</exception>
    public string Run(string project, string way)
    {
        TempProject built = projects[project];
        DotNetRun run = DotNetRun.Start(built.Directory, built.Environment, ["exec", built.Assembly, way]);
        return run.ExitCode == 0 ? run.Output.Trim() : throw new InvalidOperationException($"{project}, {way}: {run.Output}{run.Errors}");
    }

    public void Dispose()
    {
        foreach (TempProject project in projects.Values)
            project.Dispose();
        folder.Dispose();
        source.Dispose();
    }

    private void Build(string name, string modelPath, string scheme, string embed)
    {
        Console.Error.WriteLine($"building {name}");
        TempProject project = new TempProject(source) { Limit = Limit }.With("QuantBuildCacheDirectory", folder.File("cache"));
        projects.Add(name, project);
        project.Write("Program.cs", Program);
        project.WriteProject($"""
            <QuantizeModel Include="{modelPath}" CalibrationData="{folder.File("noise.npz")}" Scheme="{scheme}" Embed="{embed}" ClassName="Net" />
            """);
        DotNetRun build = project.Build();
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"{name} is not built: {build.Output}{build.Errors}");
    }

    private static IEnumerable<long> Shipped(TempProject project) =>
        new DirectoryInfo(project.OutputDirectory).GetFiles("net.onnx*").OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => file.Length >> 20);
}
