using System.Text.Json;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Pipeline;
using QuantBuild.Preparation;
using QuantBuild.Testing;
using QuantBuild.Testing.RandomGraphs;

namespace QuantBuild.OnnxRuntime.Tests.RandomGraphs;

/// <summary>Takes a random model through the whole pipeline and looks for anything wrong.</summary>
internal sealed class RandomGraphCheck : IDisposable
{
    /// <summary>Eight bits leave 30 to 40 dB behind one node and less with every further one; a wrong scale, axis or order leaves about 0.</summary>
    public const double LeastDecibels = 10;

    /// <summary>The runtime's integer kernels round where the written graph rounds too, so that both differ from each other by less than
    /// either does from the float model.</summary>
    public const double LeastAgreement = 15;

    /// <summary>Bytes that conversions around small nodes may add to a file.</summary>
    public const long MostGrowth = 512;

    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    private static readonly OnnxRuntimeEngine Engine = new();

    private static readonly HashSet<string> ProductsAndSoftmax = new(StringComparer.Ordinal)
    {
        "ConvInteger", "DynamicQuantizeLSTM", "DynamicQuantizeMatMul", "MatMulInteger", "MatMulIntegerToFloat", "QGemm", "QLinearConv",
        "QLinearMatMul", "QLinearSoftmax",
    };

    private readonly PipelineProject project;
    private readonly RandomModel random;

    /// <param name="settings">Beside those that name the data; with a scheme that needs none, there is none to calibrate with.</param>
    public RandomGraphCheck(RandomModel random, params (string Name, string Value)[] settings)
    {
        this.random = random;
        // The same samples twice: nothing may lie outside the ranges.
        NamedArray[] samples = [.. random.Inputs];
        project = new PipelineProject().WithData("ranges.npz", samples).WithData("measured.npz", samples);
        bool calibrates = settings.All(setting => setting.Name != "Scheme" || setting.Value == "Static");
        (string, string)[] calibration = calibrates ? [("CalibrationData", "ranges.npz")] : [];
        project.WithModel("model", random.Model, [("ValidationData", "measured.npz"), .. calibration, .. settings]);
    }

    /// <summary>Of the outputs, against the float model; null before the check and where nothing differs.</summary>
    public double? Decibels { get; private set; }

    /// <summary>The file that ships; empty when there is none.</summary>
    public byte[] Shipped { get; private set; } = [];

    /// <summary>Nodes in integer kernels.</summary>
    public int Fused { get; private set; }

    /// <summary>What is wrong, in words; null when nothing is.</summary>
    public string? FindProblem()
    {
        IReadOnlyList<IReadOnlyList<InputTensor>> samples = [.. Enumerable.Range(0, RandomModel.SampleCount).Select(Sample)];
        Dictionary<string, float[]> expected;
        try
        {
            expected = PlainSession.Run(random.Model, samples);
        }
        catch (Exception exception) when (exception is InferenceException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
        {
            return $"the generator made a model that does not run: {exception.Message}";
        }

        ProjectResult result = project.Quantize();
        if (!result.Succeeded)
            return string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        Shipped = File.ReadAllBytes(project.Output("model.onnx"));
        JsonElement report = project.Report("model");
        return FindUnfused(report) ?? FindUnaccounted(report) ?? FindDangling() ?? FindUnplanned(report) ?? FindGrowth(report)
            ?? FindDifference(samples, expected, report);
    }

    public void Dispose() => project.Dispose();

    private string? FindUnfused(JsonElement report)
    {
        JsonElement kernels = report.GetProperty("kernels");
        Fused = kernels.GetProperty("fused").GetInt32();
        int planned = kernels.GetProperty("planned").GetInt32();
        string[] unfused = [.. report.GetProperty("nodes").EnumerateArray()
            .Where(node => node.GetProperty("runs").GetString() == "unfused").Select(node => node.GetProperty("operator").GetString()!)];
        return Fused == planned ? null : $"{Fused} of {planned} planned nodes fuse; not {string.Join(' ', unfused)}";
    }

    /// <summary>The runtime may run what copies, joins or maps values in integers between integers, which changes nothing. Weights that it
    /// rounds by itself, and its integer Softmax, do.</summary>
    private string? FindUnplanned(JsonElement report)
    {
        int planned = report.GetProperty("nodes").EnumerateArray().Count(node =>
            node.GetProperty("runs").GetString() is "integers" or "dynamic"
            && node.GetProperty("operator").GetString() is "Conv" or "Gemm" or "MatMul" or "LSTM");
        string[] kernels = [.. OnnxModelReader.ParseAnyOpset(Engine.Optimize(Shipped), Origin).Graph.WithBodies
            .SelectMany(graph => graph.Nodes).Select(node => node.OpType).Where(ProductsAndSoftmax.Contains)];
        return kernels.Length <= planned
            ? null
            : $"{planned} products are planned, and {kernels.Length} run in integers: {string.Join(' ', kernels)}";
    }

    private static string? FindGrowth(JsonElement report)
    {
        JsonElement size = report.GetProperty("size");
        long floatBytes = size.GetProperty("floatBytes").GetInt64();
        long quantizedBytes = size.GetProperty("quantizedBytes").GetInt64();
        return quantizedBytes <= floatBytes + MostGrowth ? null : $"{floatBytes} bytes became {quantizedBytes}";
    }

    /// <summary>Every node of the prepared graph is in the report once, with a reason when it stays float; smoothing may have added a Mul.</summary>
    private string? FindUnaccounted(JsonElement report)
    {
        OnnxModel prepared = ModelPreparer.Prepare(OnnxModelReader.Parse(random.Model, Origin), Origin).Model;
        string[] nodes = [.. prepared.Graph.WithBodies.SelectMany(graph => graph.Nodes).Select(node => $"{node.OpType} {node.DisplayName}").Order(StringComparer.Ordinal)];
        JsonElement[] reported = [.. report.GetProperty("nodes").EnumerateArray()];
        string[] names = [.. reported.Select(node => $"{node.GetProperty("operator")} {node.GetProperty("name")}").Order(StringComparer.Ordinal)];
        bool smoothed = report.GetProperty("recovery").EnumerateArray()
            .Any(step => step.GetProperty("step").GetString() == "SmoothQuant" && step.GetProperty("kept").GetBoolean());
        string[] added = [.. names.Except(nodes)];
        bool isExplained = smoothed && added.All(name => name.StartsWith("Mul ", StringComparison.Ordinal));
        if (!nodes.SequenceEqual(names.Where(name => !isExplained || !added.Contains(name))))
            return $"the report names {string.Join(", ", names)}; the graph has {string.Join(", ", nodes)}";
        JsonElement[] mute = [.. reported.Where(node => node.GetProperty("runs").GetString() == "float" && Reason(node).Length == 0)];
        return mute.Length == 0 ? null : $"no reason for {mute[0]}";
    }

    private static string Reason(JsonElement node) => node.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() ?? "" : "";

    private string? FindDangling()
    {
        OnnxModel shipped = OnnxModelReader.ParseAnyOpset(Shipped, Origin);
        if (ModelChecker.FindProblem(shipped) is { } problem)
            return problem;
        foreach (OnnxGraph graph in shipped.Graph.WithBodies)
        {
            if (graph.Nodes.FirstOrDefault(node => !node.Outputs.Any(output => IsRead(output, graph))) is { } idle)
                return $"nobody reads {idle}";
            if (graph.InitializerNames.FirstOrDefault(name => !IsRead(name, graph)) is { } unread)
                return $"nobody reads the initializer '{unread}'";
        }
        return null;

        static bool IsRead(string value, OnnxGraph graph) => value.Length > 0 && (graph.IsOutput(value) || graph.ConsumersOf(value).Count > 0);
    }

    private string? FindDifference(
        IReadOnlyList<IReadOnlyList<InputTensor>> samples, Dictionary<string, float[]> expected, JsonElement report)
    {
        if (report.TryGetProperty("accuracy", out JsonElement accuracy) && accuracy.TryGetProperty("sqnrDecibels", out JsonElement decibels)
            && decibels.ValueKind == JsonValueKind.Number)
            Decibels = decibels.GetDouble();
        Dictionary<string, float[]> plain = PlainSession.Run(Shipped, samples);
        string[] names = [.. expected.Keys.Order(StringComparer.Ordinal)];
        if (!plain.Keys.Order(StringComparer.Ordinal).SequenceEqual(names))
            return $"the outputs are {string.Join(", ", plain.Keys)}, not {string.Join(", ", names)}";
        var optimized = names.ToDictionary(name => name, _ => new List<float>());
        using (IInferenceSession session = Engine.Open(Shipped))
            foreach (IReadOnlyList<InputTensor> sample in samples)
                session.Run(sample, names, (index, output) => optimized[names[index]].AddRange(output.Floats));

        foreach (string name in names)
        {
            if (plain[name].Length != expected[name].Length)
                return $"{name} has {plain[name].Length} elements, not {expected[name].Length}";
            double written = SqnrDecibels(expected[name], plain[name]);
            double agreement = SqnrDecibels(plain[name], optimized[name]);
            if (written < LeastDecibels)
                return $"{name} is at {written:F1} dB ({expected[name].Length} elements)";
            if (agreement < LeastAgreement)
                return $"the runtime's kernels agree with the written graph by {agreement:F1} dB only in {name}, which is at {written:F1} dB";
        }
        return null;
    }

    private static double SqnrDecibels(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        double signal = expected.Sum(value => (double)value * value);
        double noise = expected.Zip(actual, (a, b) => (double)(a - b) * (a - b)).Sum();
        return noise <= 1e-12 * Math.Max(1, signal) ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
    }

    /// <summary>One sample as inputs: with a batch of one, or, where the model takes a whole input at a time, without.</summary>
    private InputTensor[] Sample(int index) => [.. random.Inputs.Select(array =>
    {
        long[] shape = random.HasFreeBatch ? [1, .. array.Shape[1..]] : array.Shape[1..];
        int size = (int)array.Description.SampleBytes;
        return new InputTensor(array.Name, array.ElementType, shape, array.Bytes.AsMemory(index * size, size));
    })];
}
