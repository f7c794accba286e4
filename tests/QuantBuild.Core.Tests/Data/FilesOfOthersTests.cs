using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

/// <summary>Files that NumPy and the ONNX project wrote.</summary>
[TestClass]
public sealed class FilesOfOthersTests
{
    private static readonly ModelBuilder Pairs = new ModelBuilder().Input("x", "n,2");

    [TestMethod]
    [DataRow("numpy-all.npy")]
    [DataRow("numpy-unnamed.npz")]
    public void Read_ArrayOfNumPy_HasItsValues(string file) =>
        CollectionAssert.AreEqual(new[] { 0, 0.25, 0.5, 0.75, 1, 1.25 }, Read(file, Pairs).SelectMany(batch => Values(batch.Inputs[0])).ToArray());

    [TestMethod]
    public void Read_FolderOfNumPy_HasSamplesOfTheirShapes()
    {
        SampleBatch[] batches = [.. Read("numpy-samples", new ModelBuilder().Input("x", "n,length,2"))];

        Assert.AreEqual("1,1,2 1,2,2", string.Join(' ', batches.Select(batch => string.Join(',', batch.Inputs[0].Shape))));
    }

    [TestMethod]
    [DataRow("numpy-fortran.npy", "it is in Fortran order; save numpy.ascontiguousarray(array)")]
    [DataRow("numpy-big-endian.npy", "it holds big-endian numbers; save it with array.astype('<f4')")]
    [DataRow("numpy-objects.npy", "it holds Python objects, which are never loaded because loading them runs code; arrays of floats, integers or booleans can be read")]
    public void Open_ArrayThatIsNotPlain_QB4001(string file, string reason) =>
        Assert.AreEqual($"The data file '{file}' cannot be read: {reason}", Assert.ThrowsExactly<QuantBuildException>(() => Read(file, Pairs).Count()).Message);

    [TestMethod]
    public void Read_TestDataOfOnnx_IsAWholeRun()
    {
        SampleBatch batch = Read("onnx-linear", new ModelBuilder().Input("0", "4,10")).Single();

        CollectionAssert.AreEqual(new long[] { 4, 10 }, batch.Inputs[0].Shape.ToArray());
        Assert.IsTrue(Values(batch.Inputs[0]).All(value => Math.Abs(value) is > 0 and < 10));
    }

    [TestMethod]
    public void Read_TestDataOfSeveralInputs_IsMatchedByNumber()
    {
        SampleBatch batch = Read("onnx-nested", new ModelBuilder().Input("a", "1").Input("b", "1").Input("c", "1")).Single();

        Assert.AreEqual("a b c", string.Join(' ', batch.Inputs.Select(input => input.Name)));
        Assert.AreEqual(3, batch.Inputs.Select(input => Values(input)[0]).Distinct().Count());
    }

    private static IEnumerable<SampleBatch> Read(string file, ModelBuilder model)
    {
        ModelSignature signature = model.Build().Signature;
        var request = new SampleSetRequest { Inputs = signature.Inputs };
        var problems = new DiagnosticBag();
        ISampleSource source = SampleSources.Open(RepositoryFiles.PathOf($"tests/QuantBuild.Core.Tests/Data/Files/{file}"), file, null, request);
        SampleBinding? binding = SampleBinding.Bind(source, signature, SetFolder.Origin, problems, request);
        Assert.IsEmpty(problems.Diagnostics, string.Join('\n', problems.Diagnostics));
        return new SampleStream(binding!, SampleSelection.All, 1).Read();
    }

    private static double[] Values(InputTensor input) => new SampleValue(input.ElementType, input.Shape, input.Bytes.ToArray()).ToDoubles()!;
}
