using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests;

[TestClass]
public sealed class FixedInputsTests
{
    [TestMethod]
    public void Read_FittingValues_TensorsOfTheInputsShapes()
    {
        IReadOnlyList<NamedTensor> values = Read("sr=16000;state=0;axes=[0,1];free=[[1,2]]", out DiagnosticBag problems);

        Assert.IsEmpty(problems.Diagnostics);
        CollectionAssert.AreEqual(new[] { "sr", "state", "axes", "free" }, values.Select(value => value.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "", "2,1,3", "2,1", "1,2" }, values.Select(value => string.Join(",", value.Tensor.Shape)).ToArray());
        Assert.AreEqual(16000, values[0].Tensor.Values<long>()[0]);
        CollectionAssert.AreEqual(new float[6], values[1].Tensor.Floats.ToArray());
    }

    [TestMethod]
    [DataRow("sr=16000.5", "that is no int64; the input takes int64 []")]
    [DataRow("sr=[[1]", "its brackets and commas make no tensor; the input takes int64 []")]
    [DataRow("axes=[[0],[1,2]]", "its brackets and commas make no tensor; the input takes int32 [2,1]")]
    [DataRow("sr=[1,2]", "its shape [2] does not fit; the input takes int64 []")]
    [DataRow("state=[1,2]", "its shape [2] does not fit; the input takes float32 [2,1,3]")]
    [DataRow("free=1", "its shape [] does not fit; the input takes float32 [n,s]")]
    [DataRow("text=a", "that is no string; the input takes string [1]")]
    public void Read_ValueThatDoesNotFit_QB1010SaysWhatFits(string written, string why)
    {
        IReadOnlyList<NamedTensor> values = Read(written, out DiagnosticBag problems);

        Assert.IsEmpty(values);
        Assert.AreEqual("QB1010", problems.Diagnostics.Single().Code);
        StringAssert.Contains(problems.Diagnostics[0].Message, why);
        Assert.AreEqual(new DiagnosticOrigin("m.onnx", "FixedInputs"), problems.Diagnostics[0].Origin);
    }

    [TestMethod]
    public void Read_UnknownName_QB1009NamesTheNearestAndAll()
    {
        Read("stat=0", out DiagnosticBag problems);

        Assert.AreEqual("QB1009", problems.Diagnostics.Single().Code);
        StringAssert.Contains(problems.Diagnostics[0].Message, "Did you mean 'state'? Its inputs are: 'x', 'sr', 'state'");
    }

    [TestMethod]
    public void Read_EveryInput_QB1010ForTheLast()
    {
        var signature = new ModelSignature([new TensorSignature("sr", OnnxElementType.Int64, [])], []);
        var problems = new DiagnosticBag();

        FixedInputs.Read(Settings("sr=1"), signature, problems);

        StringAssert.Contains(problems.Diagnostics.Single().Message, "no input left");
    }

    [TestMethod]
    public void WithFixedInputs_OldModel_InputIsAConstant()
    {
        OnnxModel model = new ModelBuilder(opset: 8).Input("x", "3").Input("sr", "", OnnxElementType.Int64).Node("Relu", "x", "y").Output("y").Build()
            .WithFixedInputs([new NamedTensor("sr", OnnxTensor.Create(OnnxElementType.Int64, [], [16000L]))]);

        CollectionAssert.AreEqual(new[] { "x" }, model.Signature.Inputs.Select(input => input.Name).ToArray());
        Assert.IsTrue(model.Graph.IsConstant("sr"));
        Assert.AreEqual(4, model.Proto.IrVersion);
    }

    private static IReadOnlyList<NamedTensor> Read(string written, out DiagnosticBag problems)
    {
        OnnxModel model = new ModelBuilder().Input("x", "n,4").Input("sr", "", OnnxElementType.Int64).Input("state", "2,1,3")
            .Input("axes", "2,1", OnnxElementType.Int32).Input("free", "n,s").Input("text", "1", OnnxElementType.String)
            .Node("Relu", "x", "y").Output("y").Build();
        problems = new DiagnosticBag();
        return FixedInputs.Read(Settings(written), model.Signature, problems);
    }

    private static QuantizationSettings Settings(string written) => new()
    {
        DisplayPath = "m.onnx", ModelPath = "/m.onnx", Name = "m", ClassName = "M", FixedInputs = NamedValues.Split(written),
    };
}
