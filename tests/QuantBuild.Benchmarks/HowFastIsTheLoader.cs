using BenchmarkDotNet.Attributes;
using QuantBuild.Benchmarks.Loader;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks;

/// <summary>What does a call of a quantized net cost through the generated class, and what does it cost by hand?</summary>
[MemoryDiagnoser]
[IterationCount(15)]
public class HowFastIsTheLoader
{
    /// <summary>Made once for each net, and opened for each row.</summary>
    private static readonly Dictionary<string, GeneratedCalls> built = new(StringComparer.Ordinal);

    private GeneratedCalls? calls;
    private Func<float> reusedOrtValues = null!;
    private Func<float> ortValuesPerCall = null!;
    private Func<float> namedOnnxValues = null!;
    private Func<float> generatedRunner = null!;
    private Func<float> generatedRun = null!;

    /// <summary>Both take images of 28 × 28 pixels.</summary>
    [Params("fashion", "digits")]
    public string Net { get; set; } = "";

    [GlobalSetup]
    public void Build()
    {
        string root = RepositoryFolder.Find();
        (string model, string data) = Net == "fashion"
            ? ("samples/FashionClassifier/Models/fashion.onnx", "samples/FashionClassifier/Data/calibration.npz")
            : ("tests/QuantBuild.Testing/Models/digits.onnx", "tests/QuantBuild.Testing/Models/digits.npz");
        if (!built.TryGetValue(Net, out calls))
            built[Net] = calls = new GeneratedCalls(Path.Combine(root, model), Path.Combine(root, data));
        calls.Open(SeededValues.Floats("image", 0, 1, 28 * 28));
        reusedOrtValues = calls.Way("ReusedOrtValues");
        ortValuesPerCall = calls.Way("OrtValuesPerCall");
        namedOnnxValues = calls.Way("NamedOnnxValues");
        generatedRunner = calls.Way("GeneratedRunner");
        generatedRun = calls.Way("GeneratedRun");
        float expected = reusedOrtValues();
        if (expected == 0 || new[] { ortValuesPerCall, namedOnnxValues, generatedRunner, generatedRun }.Any(way => way() != expected))
            throw new InvalidOperationException("The ways to call the net do not give the same.");
    }

    [GlobalCleanup]
    public void Close() => calls?.Close();

    [Benchmark(Baseline = true)]
    public float ReusedOrtValues() => reusedOrtValues();

    [Benchmark]
    public float GeneratedRunner() => generatedRunner();

    [Benchmark]
    public float OrtValuesPerCall() => ortValuesPerCall();

    [Benchmark]
    public float GeneratedRun() => generatedRun();

    [Benchmark]
    public float NamedOnnxValues() => namedOnnxValues();
}
