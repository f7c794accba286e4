using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Onnx;

[TestClass]
public sealed class ExternalDataReaderTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx");

    [TestMethod]
    public void Load_DataBesideTheModel_IsInlined()
    {
        using TemporaryFolder folder = Folder(("location", "weights/w.bin"), ("offset", "4"), ("length", "12"));
        Directory.CreateDirectory(folder.File("weights"));
        File.WriteAllBytes(folder.File("weights/w.bin"), [.. MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4])]);

        OnnxModel model = Load(folder);

        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, model.Graph.InitializerOf("w")!.Floats.ToArray());
    }

    [TestMethod]
    public void Load_WithoutLength_RestOfTheFile()
    {
        using TemporaryFolder folder = Folder(("location", "w.bin"), ("offset", "8"));
        File.WriteAllBytes(folder.File("w.bin"), [.. MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4])]);

        CollectionAssert.AreEqual(new float[] { 2, 3, 4 }, Load(folder).Graph.InitializerOf("w")!.Floats.ToArray());
    }

    [TestMethod]
    [DataRow("../secret.bin")]
    [DataRow("a/../../secret.bin")]
    [DataRow("a\\..\\..\\secret.bin")]
    [DataRow("/etc/hostname")]
    [DataRow("")]
    [DataRow("*/_ORT_MEM_ADDR_/x")]
    public void Load_PathOutOfTheFolder_QB2006(string location)
    {
        using TemporaryFolder folder = Folder(("location", location));

        StringAssert.Contains(Refused(folder), "leads out of");
    }

    [TestMethod]
    public void Load_LinkOutOfTheFolder_QB2006()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere.File("w.bin"), new byte[12]);
        using TemporaryFolder folder = Folder(("location", "w.bin"));
        File.CreateSymbolicLink(folder.File("w.bin"), elsewhere.File("w.bin"));

        StringAssert.Contains(Refused(folder), "link out of");
    }

    [TestMethod]
    public void Load_LinkedFolder_QB2006()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere.File("w.bin"), new byte[12]);
        using TemporaryFolder folder = Folder(("location", "linked/w.bin"));
        Directory.CreateSymbolicLink(folder.File("linked"), elsewhere.Path);

        StringAssert.Contains(Refused(folder), "link out of");
    }

    [TestMethod]
    public void Load_MissingFile_QB2006()
    {
        using TemporaryFolder folder = Folder(("location", "w.bin"));

        StringAssert.Contains(Refused(folder), "not beside the model");
    }

    [TestMethod]
    public void Load_NoLocation_QB2006()
    {
        using TemporaryFolder folder = Folder(("offset", "0"));

        StringAssert.Contains(Refused(folder), "names no file");
    }

    [TestMethod]
    [DataRow("0", "13")]
    [DataRow("8", "8")]
    [DataRow("13", "0")]
    [DataRow("9223372036854775807", "9223372036854775807")]
    public void Load_ShortFile_QB2006(string offset, string length)
    {
        using TemporaryFolder folder = Folder(("location", "w.bin"), ("offset", offset), ("length", length));
        File.WriteAllBytes(folder.File("w.bin"), new byte[12]);

        Refused(folder);
    }

    [TestMethod]
    [DataRow("-4")]
    [DataRow("four")]
    public void Load_OffsetIsNoNumber_QB2006(string offset)
    {
        using TemporaryFolder folder = Folder(("location", "w.bin"), ("offset", offset));
        File.WriteAllBytes(folder.File("w.bin"), new byte[12]);

        StringAssert.Contains(Refused(folder), "is not a number");
    }

    private static OnnxModel Load(TemporaryFolder folder) => OnnxModelReader.Load(folder.File("model.onnx"), Origin);

    private static string Refused(TemporaryFolder folder)
    {
        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Load(folder));
        Assert.AreEqual("QB2006", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "'w'");
        return exception.Message;
    }

    /// <summary>A folder with a model whose three weights lie outside of it.</summary>
    private static TemporaryFolder Folder(params (string Key, string Value)[] entries)
    {
        OnnxModel model = new ModelBuilder().Input("x", "3").Weights("w", 3).Node("Add", "x w", "y").Output("y").Build();
        TensorProto weight = model.Proto.Graph.Initializer[0];
        weight.ClearRawData();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.AddRange(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), model.ToBytes());
        return folder;
    }
}
