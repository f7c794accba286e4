using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Providers;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Providers;

[TestClass]
public sealed class ProviderSampleSourceTests : IDisposable
{
    private const string Sample = "new Dictionary<string, Array> { [\"image\"] = new float[2, 3] { { 1, 2, 3 }, { 4, 5, 6 } }, [\"labels\"] = new[] { 7L } }";

    private readonly TemporaryFolder folder = new();

    private readonly SampleSetRequest request = new()
    {
        Inputs = [new TensorSignature("image", OnnxElementType.Float, [new(null, "N"), new(2, null), new(3, null)])],
    };

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public void Open_Arrays_HaveNamesTypesShapesAndNumber()
    {
        ISampleSource source = Open($"yield return {Sample}; yield return {Sample};");

        Assert.AreEqual("image Float [2,2,3], labels Int64 [2,1]", Text(source));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, Read(source, "image")[1]);
    }

    [TestMethod]
    [DataRow("new float[6]", "[1,2,3]")]
    [DataRow("new float[1, 2, 3]", "[1,2,3]")]
    [DataRow("new float[2, 3]", "[1,2,3]")]
    [DataRow("new float[7]", "[1,7]")]
    [DataRow("new float[3, 2]", "[1,3,2]")]
    public void Open_FlatArrayOrBatchOfOne_TakesTheShapeOfTheInput(string array, string shape) =>
        Assert.AreEqual($"image Float {shape}", Text(Open($"yield return new Dictionary<string, Array> {{ [\"image\"] = {array} }};")));

    [TestMethod]
    public void Open_SamplesOfDifferentLengths_AxisVaries() => Assert.AreEqual("words Int64 [2,?]", Text(Open("""
        yield return new Dictionary<string, Array> { ["words"] = new long[3] };
        yield return new Dictionary<string, Array> { ["words"] = new long[5] };
        """)));

    [TestMethod]
    public void Open_OtherDictionariesAndTypes_AreTaken()
    {
        const string Types = """
            { ["a"] = new double[1], ["b"] = new Half[1], ["c"] = new byte[1], ["d"] = new bool[1], ["e"] = new[] { "text" }, ["f"] = new sbyte[1] }
            """;
        ISampleSource source = OpenClass($$"""
            public class Samples { public List<SortedDictionary<string, Array>> GetSamples(string path, CancellationToken stop) => [new() {{Types}}]; }
            """);

        Assert.AreEqual("a Double [1,1], b Float16 [1,1], c UInt8 [1,1], d Bool [1,1], e String [1,1], f Int8 [1,1]", Text(source));
    }

    [TestMethod]
    public void Open_EndlessEnumeration_EndsAtTheLimitOrTheMaximum()
    {
        Assert.AreEqual("image Float [5,2,3], labels Int64 [5,1]", Text(Open($"while (true) yield return {Sample};", limit: 5)));
        Assert.AreEqual($"a UInt8 [{ProviderSampleSource.MostSamples},1]", Text(Open(
            """var sample = new Dictionary<string, Array> { ["a"] = new byte[1] }; while (true) yield return sample;""")));
    }

    [TestMethod]
    public void Open_NoSamples_HasNoArrays() => Assert.AreEqual("", Text(Open("yield break;")));

    [TestMethod]
    [DataRow("yield return null;", "Sample 1 of the DataProvider 'Samples.dll;Samples' for 'data' cannot be used: it is null.")]
    [DataRow("yield return new Dictionary<string, Array>();", "it has no arrays")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = null };", "its array 'image' is null")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new float[2, 3] };", "it has the arrays 'image', but sample 0 has 'image', 'labels'")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new double[6], [\"labels\"] = new long[1] };", "its array 'image' holds float64, but that of sample 0 holds float32")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new float[6, 1, 1, 1], [\"labels\"] = new long[1] };", "its array 'image' has the shape [6,1,1,1], but that of sample 0 has [2,3]")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new float[2][] };", "its array 'image' is float[][], an array of arrays; give float[,] or a flat array")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new decimal[2] };", "holds Decimal; allowed are float, double, Half, long")]
    [DataRow("yield return new Dictionary<string, Array> { [\"image\"] = new string[2] };", "holds a string that is null")]
    public void Open_SampleThatCannotBeUsed_QB4035(string second, string message)
    {
        Diagnostic problem = Problem(() => Open($"yield return {Sample}; {second}"));

        Assert.AreEqual(DiagnosticCatalogue.ProviderSampleInvalid, problem.Descriptor);
        StringAssert.Contains(problem.Message, message);
    }

    [TestMethod]
    [DataRow("int count = 3 - calls++; for (int i = 0; i < count; i++) yield return SAMPLE;", "Sample 2 of", "an earlier enumeration gave 3 samples")]
    [DataRow("yield return SAMPLE; yield return new Dictionary<string, Array> { [\"image\"] = new float[6], [\"labels\"] = new long[] { calls++ } };", "Sample 1 of", "give random numbers a fixed seed")]
    public void Read_SecondEnumerationDiffers_QB4035(string body, string sample, string message)
    {
        ISampleSource source = OpenClass($$"""
            public class Samples
            {
                private int calls;
                public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path) { {{body.Replace("SAMPLE", Sample)}} }
            }
            """);

        Diagnostic problem = Problem(() => Read(source, "image"));

        Assert.AreEqual(DiagnosticCatalogue.ProviderSampleInvalid, problem.Descriptor);
        StringAssert.StartsWith(problem.Message, sample);
        StringAssert.Contains(problem.Message, message);
    }

    [TestMethod]
    [DataRow("public Samples() { throw new InvalidOperationException(\"no\\nway\"); }", "", "failed when it was made: System.InvalidOperationException: no way (in Samples..ctor, Samples.cs, line 4)")]
    [DataRow("", "throw new FormatException(\"bad\");", "failed before sample 1: System.FormatException: bad (in Samples+<GetSamples>")]
    [DataRow("", "int.Parse(\"x\");", "System.FormatException: The input string 'x' was not in a correct format. (in Samples+<GetSamples>")]
    public void Open_ClassThrows_QB4034WithItsMessageAndPlace(string constructor, string second, string message)
    {
        Diagnostic problem = Problem(() => OpenClass($$"""
            public class Samples
            {
                {{constructor}}
                public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path) { yield return {{Sample}}; {{second}} }
            }
            """));

        Assert.AreEqual(DiagnosticCatalogue.ProviderFailed, problem.Descriptor);
        StringAssert.Contains(problem.Message, message);
        Assert.IsFalse(problem.Message.Contains("/sources/", StringComparison.Ordinal), problem.Message);
        Assert.IsFalse(problem.Message.Contains("QuantBuild.", StringComparison.Ordinal), problem.Message);
    }

    [TestMethod]
    [DataRow("public void GetSamples(string path) { }", "has 'Void GetSamples(System.String)'; it needs public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)")]
    [DataRow("public IEnumerable<Array> GetSamples(string path) => [];", "it needs public IEnumerable")]
    [DataRow("public IEnumerable<Dictionary<string, Array>> GetSamples() => []; public int Score() => 1;", "it needs public IEnumerable")]
    [DataRow("public IEnumerable<Dictionary<string, Array>> GetSamples(string path) => []; public int Score() => 1;", "it needs public double Score(")]
    public void Open_MethodOfAnotherForm_QB4033(string method, string message)
    {
        Diagnostic problem = Problem(() => OpenClass($"public class Samples {{ {method} }}"));

        Assert.AreEqual(DiagnosticCatalogue.ProviderUnusable, problem.Descriptor);
        StringAssert.Contains(problem.Message, message);
    }

    [TestMethod]
    public void Score_ClassThatMeasures_IsAsked()
    {
        using SampleProvider provider = Provider("""
            public class Samples
            {
                public bool HigherIsBetter => false;
                public IEnumerable<Dictionary<string, Array>> GetSamples(string path) => [];
                public double Score(IReadOnlyDictionary<string, Array> sample, IReadOnlyDictionary<string, Array> outputs) => sample["a"].Length + (10 * outputs["b"].Length);
            }
            """);

        Assert.IsFalse(provider.HigherIsBetter);
        Assert.AreEqual(21.0, provider.Score!(new Dictionary<string, Array> { ["a"] = new int[1] }, new Dictionary<string, Array> { ["b"] = new int[2] }));
    }

    [TestMethod]
    public void Read_AssemblyIsBuiltAgainMeanwhile_GoesOnWithTheFirst()
    {
        ISampleSource source = Open($"yield return {Sample};");

        UserAssembly.Write(folder.Path, "public class Samples { public int Other; }");

        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, Read(source, "image")[0]);
    }

    [TestMethod]
    public void Open_AssemblyBesideIsNeeded_IsLoadedFromThere()
    {
        string helper = UserAssembly.Write(folder.Path, "public static class Reader { public static float[] Image() => [6, 5, 4, 3, 2, 1]; }", "Reader");
        string path = UserAssembly.Write(folder.Path, """
            public class Samples
            {
                public IEnumerable<Dictionary<string, Array>> GetSamples(string path) => [new() { ["image"] = Reader.Image() }];
            }
            """, "Samples", helper);

        CollectionAssert.AreEqual(new float[] { 6, 5, 4, 3, 2, 1 }, Read(Open(new ProviderReference(path, "Samples", "x"), null), "image")[0]);

        File.Delete(helper);
        Diagnostic problem = Problem(() => Open(new ProviderReference(path, "Samples", "x"), null));
        Assert.AreEqual(DiagnosticCatalogue.ProviderFailed, problem.Descriptor);
        StringAssert.Contains(problem.Message, "EnableDynamicLoading=true");
    }

    private ISampleSource Open(string body, long? limit = null) => OpenClass(
        $"public class Samples {{ public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path) {{ {body} }} }}", limit);

    private ISampleSource OpenClass(string source, long? limit = null) =>
        Open(new ProviderReference(UserAssembly.Write(folder.Path, source), "Samples", "Samples.dll;Samples"), limit);

    private ProviderSampleSource Open(ProviderReference reference, long? limit) =>
        new(SampleProvider.Open(reference, new DiagnosticOrigin("model.onnx")), "/some/data", "data", limit, request, CancellationToken.None);

    private SampleProvider Provider(string source) =>
        SampleProvider.Open(new ProviderReference(UserAssembly.Write(folder.Path, source), "Samples", "Samples.dll;Samples"), new DiagnosticOrigin("model.onnx"));

    private static Diagnostic Problem(Action action) => Assert.ThrowsExactly<QuantBuildException>(action).Diagnostic;

    private static string Text(ISampleSource source) => string.Join(", ", source.Arrays.Select(array => $"{array.Name} {array.ElementType} {array.ShapeText}"));

    private static List<float[]> Read(ISampleSource source, string name)
    {
        using ISampleReader reader = source.OpenReader([name]);
        var samples = new List<float[]>();
        SampleBuffer[] buffers = [new(source.Arrays.Single(array => array.Name == name))];
        while (reader.TryRead(buffers))
            samples.Add(MemoryMarshal.Cast<byte, float>(buffers[0].Bytes.Span).ToArray());
        return samples;
    }
}
