using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime;
using QuantBuild.Placement;
using QuantBuild.Placement.LowBits;
using QuantBuild.Rewriting;
using QuantBuild.Rewriting.LowBits;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.LowBits;

/// <summary>What the forms of a weight with 4 bits cost: bytes of the file, time to load it, and time of a run.</summary>
internal static class FormsCommand
{
    private const int Layers = 8;
    private const int Width = 1024;
    private const int Rounds = 15;

    public static int Run()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        OnnxModel model = Model();
        var rows = new List<string[]> { Measure("float", model.ToImage()) };
        foreach (LowBitForm form in new[] { LowBitForm.Folded, LowBitForm.MatMulNBits, LowBitForm.BlockedDequantize })
            rows.Add(Measure($"{form}", Rewrite(model, form)));
        Console.WriteLine(MarkdownTable.Of(["form", "KiB", "load ms", "1 row µs", "64 rows µs", "MatMulNBits"], 1, rows));
        return 0;
    }

    private static OnnxModel Model()
    {
        ModelBuilder builder = new ModelBuilder(21).Input("x", $"n,{Width}").Output("y");
        for (int i = 0; i < Layers; i++)
            builder.Initializer($"w{i}", SeededValues.Tensor($"w{i}", -0.05f, 0.05f, Width, Width))
                .Node("MatMul", $"{(i == 0 ? "x" : $"v{i - 1}")} w{i}", i == Layers - 1 ? "y" : $"v{i}");
        return builder.Build();
    }

    private static ModelImage Rewrite(OnnxModel model, LowBitForm form)
    {
        OnnxModel clone = model.Clone();
        var planned = Enumerable.Range(0, Layers).Select(i => $"w{i}").ToDictionary(
            name => new ConstantKey(model.Graph, name),
            name => new LowBitConstant(
                LowBitSamples.Weight(name, [Width, Width], new ChannelAxes(1), 4, 32, GridKind.Symmetric | GridKind.HalfScales), form));
        LowBitRewriter.Rewrite(
            model.Graph,
            clone,
            new PlannedNodeMap(model.Graph, clone.Graph),
            new LowBitStorage(planned),
            new Dictionary<ConstantKey, OnnxTensor>(),
            null);
        ModelCompactor.Compact(clone, []);
        return clone.ToImage();
    }

    private static string[] Measure(string name, ModelImage image)
    {
        byte[] model = image.Message;
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        double load = Best(() => new InferenceSession(model, options).Dispose());
        using var session = new InferenceSession(model, options);
        double[] runs = [.. new[] { 1, 64 }.Select(count =>
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(SeededValues.Floats("x", -1, 1, count * Width), [count, Width]);
            using var runOptions = new RunOptions();
            return Best(() => session.Run(runOptions, ["x"], [input], ["y"]).Dispose());
        })];
        int kernels = OnnxModelReader.ParseAnyOpset(new OnnxRuntimeEngine().Optimize(image), new DiagnosticOrigin(name))
            .Graph.Nodes.Count(node => node.OpType == "MatMulNBits");
        return [name, $"{model.Length / 1024.0:0.0}", $"{load:0.0}", $"{runs[0] * 1000:0}", $"{runs[1] * 1000:0}", $"{kernels}"];
    }

    /// <summary>Milliseconds.</summary>
    private static double Best(Action action)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
