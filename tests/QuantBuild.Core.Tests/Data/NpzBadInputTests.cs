using System.IO.Compression;
using System.Text;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

/// <summary>Files that are not what they should be: each is one clear QB4001.</summary>
[TestClass]
public sealed class NpzBadInputTests
{
    private static readonly DiagnosticOrigin Origin = new("model.onnx", "CalibrationData");
    private readonly TemporaryFolder folder = new();

    private string DataPath => folder.File("data.npz");

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("", "it is empty")]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "it is a Git LFS pointer; run 'git lfs pull'")]
    [DataRow("<!DOCTYPE html><html>", "it is a web page")]
    [DataRow("\n <html>", "it is a web page")]
    [DataRow("\u0093NUMPY\u0001\u0000v\u0000{'descr'", "it is a single .npy array, not an .npz archive; save it with numpy.savez")]
    [DataRow("\u0080\u0004\u0095", "it is a Python pickle, which is never loaded")]
    [DataRow("\u0089HDF\r\n", "it is an HDF5 file")]
    [DataRow("\u001f\u008b\u0008", "it is a gzip file")]
    [DataRow("1,2,3\n4,5,6\n", "it is not an .npz archive")]
    [DataRow("PK\u0003\u0004 and nothing more", "it is a truncated or damaged zip archive")]
    public void Open_AnotherFormat_SaysWhatWasFound(string latin1, string expected)
    {
        File.WriteAllBytes(DataPath, Encoding.Latin1.GetBytes(latin1));

        AssertUnreadable(expected);
    }

    [TestMethod]
    [DataRow("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "it holds Python objects, which are never loaded")]
    [DataRow("{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }", "it holds strings")]
    [DataRow("{'descr': '|S16', 'fortran_order': False, 'shape': (2,), }", "it holds strings")]
    [DataRow("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", "it holds complex numbers")]
    [DataRow("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,), }", "it holds dates")]
    [DataRow("{'descr': '|V8', 'fortran_order': False, 'shape': (2,), }", "it holds records or raw bytes")]
    [DataRow("{'descr': '<f16', 'fortran_order': False, 'shape': (2,), }", "it holds the unknown type '<f16'")]
    [DataRow("{'descr': '?', 'fortran_order': False, 'shape': (2,), }", "it holds the unknown type '?'")]
    [DataRow("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }", "it is a structured array")]
    [DataRow("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", "it holds big-endian numbers; save it with array.astype('<f8')")]
    [DataRow("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "it is in Fortran order; save numpy.ascontiguousarray(array)")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "the first axis must count samples")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,), }", "a negative axis")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "an axis of more than 2⁶³ entries")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 9223372036854775807, 9223372036854775807), }", "is larger than 2147483591 bytes")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807,), }", "its header says 73786976294838206")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 0), }", "but the archive holds")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", "but the archive holds")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "but the archive holds")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, }", "its header is not that of a numpy array")]
    [DataRow("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", "its header is not that of a numpy array")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} or print('run')", "its header is not that of a numpy array")]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (1 + 1,)}", "its header is not that of a numpy array")]
    [DataRow("{'descr': '<f8', 'fortran_order': not True, 'shape': (2,)}", "its header is not that of a numpy array")]
    [DataRow("__import__('os').system('echo')", "its header is not that of a numpy array")]
    [DataRow("", "its header is not that of a numpy array")]
    public void Open_HeaderThatIsNotPlainNumbers_SaysWhyAndWhatToDo(string header, string expected)
    {
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x.npy", NpzWriter.Npy(header, new byte[16])));

        AssertUnreadable(expected);
        AssertUnreadable("array 'x': ");
    }

    [TestMethod]
    [DataRow("{'shape':(2,),'fortran_order':True,'descr':'<f8'}", (byte)1)]
    [DataRow("{\"descr\": \"<f8\", \"fortran_order\": False, \"shape\": (2L,)}", (byte)2)]
    [DataRow("{'descr': '<f8', 'fortran_order': False, 'shape': (2,1,1), }", (byte)3)]
    public void Open_HeaderInAnotherSpelling_IsAccepted(string header, byte version)
    {
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x.npy", NpzWriter.Npy(header, new byte[16], version)));

        Assert.AreEqual(2L, NpzSampleSource.Open(DataPath, "data.npz", Origin).Arrays[0].SampleCount);
    }

    [TestMethod]
    public void Open_HeaderOfABillionCharacters_IsRefusedBeforeItIsRead()
    {
        byte[] npy = NpzWriter.Npy("{}", [], version: 2);
        BitConverter.GetBytes(1_000_000_000).CopyTo(npy, 8);
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x.npy", npy));

        AssertUnreadable("its header claims 1000000000 bytes");
    }

    [TestMethod]
    [DataRow((byte)0)]
    [DataRow((byte)4)]
    public void Open_UnknownVersion_IsRefused(byte version)
    {
        byte[] npy = NpzWriter.Npy(NamedArray.Of("x", [1], [1L]));
        npy[6] = version;
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x.npy", npy));

        AssertUnreadable($"it has version {version} of the .npy format");
    }

    [TestMethod]
    [DataRow("../x.npy", "lies in a folder")]
    [DataRow("a/x.npy", "lies in a folder")]
    [DataRow("a\\x.npy", "lies in a folder")]
    [DataRow("x.txt", "is not an .npy array")]
    [DataRow(".npy", "is not an .npy array")]
    public void Open_EntryWithAStrangeName_IsRefused(string entryName, string expected)
    {
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, (entryName, NpzWriter.Npy(NamedArray.Of("x", [1], [1L]))));

        AssertUnreadable(expected);
    }

    [TestMethod]
    public void Open_OneNameTwice_IsRefused()
    {
        byte[] npy = NpzWriter.Npy(NamedArray.Of("x", [1], [1L]));
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x.npy", npy), ("x.npy", npy));

        AssertUnreadable("it contains 'x.npy' twice");
    }

    [TestMethod]
    public void Open_NoEntries_IsRefused()
    {
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal);

        AssertUnreadable("it contains no arrays");
    }

    [TestMethod]
    public void Open_NameWithLineBreaks_StaysOneLineInTheMessage()
    {
        NpzWriter.WriteEntries(DataPath, CompressionLevel.Optimal, ("x\r\nerror: \u2028.txt", [1]));

        Assert.IsFalse(AssertUnreadable("is not an .npy array").AsSpan().ContainsAny("\r\n\u2028"));
    }

    [TestMethod]
    public void Open_FileThatDoesNotExist_IsUnreadable() => AssertUnreadable("data.npz");

    [TestMethod]
    public void Open_Folder_IsUnreadable()
    {
        Directory.CreateDirectory(DataPath);

        AssertUnreadable("data.npz");
    }

    private string AssertUnreadable(string expected)
    {
        QuantBuildException exception =
            Assert.ThrowsExactly<QuantBuildException>(() => NpzSampleSource.Open(DataPath, "data.npz", Origin));
        Assert.AreEqual("QB4001", exception.Diagnostic.Code);
        Assert.AreEqual(Origin, exception.Diagnostic.Origin);
        StringAssert.StartsWith(exception.Message, "The data file 'data.npz' cannot be read: ");
        StringAssert.Contains(exception.Message, expected);
        return exception.Message;
    }
}
