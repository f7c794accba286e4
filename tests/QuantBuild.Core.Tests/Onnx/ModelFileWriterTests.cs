using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class ModelFileWriterTests
{
    private static readonly DiagnosticOrigin Origin = new("large.onnx");

    [TestMethod]
    public void WriteTo_TensorsInFiles_AreTheBytesThatProtobufWrites()
    {
        using TemporaryFolder folder = Large();
        OnnxModel model = OnnxModelReader.Load(folder.File("large.onnx"), Origin);
        ModelProto inMemory = model.Proto.Clone();
        foreach (TensorProto tensor in inMemory.Graph.Initializer.Where(TensorFiles.IsExternal))
        {
            tensor.RawData = Google.Protobuf.ByteString.CopyFrom(model.Graph.InitializerOf(tensor.Name)!.Bytes);
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
        }
        using var written = new MemoryStream();

        var writer = new ModelFileWriter(model.ToImage());
        writer.WriteTo(written);

        Assert.IsTrue(model.HasExternalTensors);
        CollectionAssert.AreEqual(new OnnxModel(inMemory).ToBytes(), written.ToArray());
        Assert.AreEqual(written.Length, writer.Length);
    }

    [TestMethod]
    public void WriteTo_FileChangedAfterLoading_QB2008()
    {
        using TemporaryFolder folder = Large();
        ModelImage image = OnnxModelReader.Load(folder.File("large.onnx"), Origin).ToImage();
        using (FileStream data = File.OpenWrite(folder.File("large.onnx.data")))
            data.SetLength(data.Length / 2);

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => new ModelFileWriter(image).WriteTo(Stream.Null));

        Assert.AreEqual("QB2008", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "large.onnx.data");
    }

    [TestMethod]
    public void Clone_TensorsInFiles_PointAtTheSameBytes()
    {
        using TemporaryFolder folder = Large();
        OnnxModel model = OnnxModelReader.Load(folder.File("large.onnx"), Origin);

        OnnxModel clone = model.Clone();

        Assert.AreEqual(model.Graph.InitializerOf("w1.0")!.Region, clone.Graph.InitializerOf("w1.0")!.Region);
        Assert.IsLessThan(100_000, clone.ToImage().Message.Length, "The message holds no large tensor.");
        Assert.AreEqual(model.ToImage().SizeBytes, model.SizeBytes);
        Assert.IsGreaterThan(new FileInfo(folder.File("large.onnx.data")).Length, model.SizeBytes);
    }

    [TestMethod]
    public void InitializerOf_FileRewrittenInPlace_QB2008()
    {
        using TemporaryFolder folder = Large();
        OnnxTensor weight = OnnxModelReader.Load(folder.File("large.onnx"), Origin).Graph.InitializerOf("w0.0")!;
        File.SetLastWriteTimeUtc(folder.File("large.onnx.data"), DateTime.UnixEpoch);

        Assert.AreEqual("QB2008", Assert.ThrowsExactly<QuantBuildException>(() => weight.InMemory()).Diagnostic.Code);
    }

    [TestMethod]
    public void Load_LargeTensorOfAnotherShape_QB2004()
    {
        using TemporaryFolder folder = Large();
        ModelProto proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File("large.onnx")));
        proto.Graph.Initializer.First(TensorFiles.IsExternal).Dims[0]++;
        File.WriteAllBytes(folder.File("large.onnx"), new OnnxModel(proto).ToBytes());

        Assert.AreEqual(
            "QB2004",
            Assert.ThrowsExactly<QuantBuildException>(() => OnnxModelReader.Load(folder.File("large.onnx"), Origin)).Diagnostic.Code);
    }

    [TestMethod]
    public void ToBytes_MessageBeyondProtobuf_QB2009()
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Node("Relu", "x", "y").Output("y").Build();
        var quarter = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(GC.AllocateUninitializedArray<byte>(1 << 28));
        for (int i = 0; i < 8; i++)
            model.Proto.Graph.Initializer.Add(new TensorProto { Name = $"w{i}", DataType = (int)OnnxElementType.Int8, RawData = quarter });

        Assert.AreEqual("QB2009", Assert.ThrowsExactly<QuantBuildException>(() => model.ToBytes()).Diagnostic.Code);
    }

    private static TemporaryFolder Large()
    {
        var folder = new TemporaryFolder();
        LargeModel.Write(folder.File("large.onnx"), width: 128, blocks: 2);
        return folder;
    }
}
