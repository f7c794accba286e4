using System.Text;
using QuantBuild.Locking;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Locking;

[TestClass]
public sealed class LockFileTests
{
    [TestMethod]
    public void Read_WhatWasWritten_IsTheSameText()
    {
        using var folder = new TemporaryFolder();
        byte[] written = Sample().ToBytes();
        File.WriteAllBytes(folder.File("quantbuild.lock.json"), written);

        LockFile read = LockFile.Read(folder.File("quantbuild.lock.json"))!;

        Assert.AreEqual(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(read.ToBytes()));
    }

    [TestMethod]
    public void ToBytes_OneFactALineAndSorted()
    {
        string text = Encoding.UTF8.GetString(Sample().ToBytes());
        string[] lines = text.Split('\n');

        Assert.IsFalse(text.Contains('\r', StringComparison.Ordinal));
        Assert.IsTrue(text.EndsWith("}\n", StringComparison.Ordinal));
        CollectionAssert.Contains(lines, "    \"Models/größe.onnx\": {");
        CollectionAssert.Contains(lines, "          \"x\": \"UInt8 0.5 3\"");
        Assert.IsLessThan(Array.IndexOf(lines, "          \"x\": \"UInt8 0.5 3\""), Array.IndexOf(lines, "          \"<a>\": \"UInt8 0.25 0\","));
    }

    [TestMethod]
    [DataRow("", "damaged")]
    [DataRow("{", "damaged")]
    [DataRow("null", "empty")]
    [DataRow("{\"schema\":2,\"models\":{}}", "schema 2")]
    [DataRow("{\"schema\":1}", "damaged")]
    [DataRow("{\n<<<<<<< HEAD\n}", "merge conflict")]
    public void Read_NoLockFile_SaysWhy(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("quantbuild.lock.json"), content);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LockFile.Read(folder.File("quantbuild.lock.json"))).Message, reason);
    }

    [TestMethod]
    [DataRow("\"conv1\"", "null")]
    [DataRow("\"12ab\"", "null")]
    [DataRow("\"Static\"", "null")]
    [DataRow("\"UInt8 0.5 3\"", "null")]
    [DataRow("0.97", "1e999")]
    public void Read_ValueTakenOut_SaysWhere(string value, string replacement)
    {
        using var folder = new TemporaryFolder();
        string text = Encoding.UTF8.GetString(Sample().ToBytes());
        File.WriteAllText(folder.File("quantbuild.lock.json"), text.Replace(value, replacement, StringComparison.Ordinal));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => LockFile.Read(folder.File("quantbuild.lock.json"))).Message, "damaged");
    }

    [TestMethod]
    public void Read_EntryIsNull_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("quantbuild.lock.json"), "{\"schema\":1,\"models\":{\"a.onnx\":null}}");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => LockFile.Read(folder.File("quantbuild.lock.json"))).Message, "'a.onnx' lacks a value");
    }

    [TestMethod]
    public void Read_SavedByAnEditorWithAByteOrderMark_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("quantbuild.lock.json"), [.. Encoding.UTF8.Preamble, .. Sample().ToBytes()]);
        CollectionAssert.AreEqual(Sample().ToBytes(), LockFile.Read(folder.File("quantbuild.lock.json"))!.ToBytes());
    }

    [TestMethod]
    public void ReadEntry_OnAMachineOfAnotherLanguage_IsInTheSameOrder()
    {
        using var folder = new TemporaryFolder();
        LockEntry entry = Entry();
        foreach (string name in new[] { "B", "a", "_", "A1", "a-1" })
            entry.Choices.Activations[name] = "UInt8 0.5 0";
        File.WriteAllBytes(folder.File("a.lock.json"), LockEntryFile.ToBytes(entry));

        CollectionAssert.AreEqual(File.ReadAllBytes(folder.File("a.lock.json")), LockEntryFile.ToBytes(LockEntryFile.Read(folder.File("a.lock.json"))!));
    }

    [TestMethod]
    public void Differences_OfEqualEntries_AreNone()
    {
        LockEntry entry = Entry();
        Assert.IsFalse(LockDifferences.OfAll(entry, Entry(), compareOutput: true).Any());
        Assert.IsTrue(entry.HasInputsOf(Entry() with { Output = Entry().Output with { Sha256 = "other" } }));
    }

    [TestMethod]
    public void Differences_OfEachKind_AreNamed()
    {
        LockEntry now = Entry() with
        {
            Choices = new LockedChoices(["conv2"], new(StringComparer.Ordinal) { ["Rounding"] = false }, new(StringComparer.Ordinal) { ["x"] = "UInt8 0.5 4" }),
            Output = Entry().Output with { Sha256 = new string('c', 64) },
        };

        string[] differences = [.. LockDifferences.OfAll(Entry(), now, compareOutput: true)];

        string[] expected =
        [
            "'conv2' runs in integers now",
            "'conv1' does not run in integers any more",
            "Rounding: 'kept' is locked, 'dropped' is what there is now",
            "<a>: 'UInt8 0.25 0' is locked, nothing is what there is now",
            "x: 'UInt8 0.5 3' is locked, 'UInt8 0.5 4' is what there is now",
            "output: bbbbbbbbbbbb… is locked, cccccccccccc… is what there is now",
        ];
        CollectionAssert.AreEqual(expected, differences);
        StringAssert.EndsWith(LockDifferences.Text([.. differences, "seventh"]), "; and 1 more");
    }

    [TestMethod]
    public void Differences_OfInputs_AreNamedWithoutWhatFollowsFromThem()
    {
        LockEntry now = Entry() with
        {
            Model = new string('c', 64),
            Settings = new(StringComparer.Ordinal) { ["Scheme"] = "WeightOnly" },
            Output = Entry().Output with { Sha256 = new string('c', 64) },
        };

        string[] expected =
        [
            "model: aaaaaaaaaaaa… is locked, cccccccccccc… is what there is now",
            "Scheme: 'Static' is locked, 'WeightOnly' is what there is now",
        ];
        CollectionAssert.AreEqual(expected, LockDifferences.OfAll(Entry(), now, compareOutput: true).ToArray());
    }

    [TestMethod]
    public void Differences_OnAnotherClassOfProcessors_OutputIsNotCompared()
    {
        LockEntry now = Entry() with { Output = Entry().Output with { Sha256 = new string('d', 64), Processor = "x64-avx2" } };
        Assert.IsFalse(LockDifferences.OfAll(Entry(), now, compareOutput: false).Any());
        Assert.AreEqual("output: bbbbbbbbbbbb… is locked, dddddddddddd… is what there is now", LockDifferences.OfAll(Entry(), now, compareOutput: true).Single());
    }

    private static LockFile Sample() => new(1, new SortedDictionary<string, LockEntry>(StringComparer.Ordinal) { ["Models/größe.onnx"] = Entry(), ["b.onnx"] = Entry() });

    private static LockEntry Entry() => new(
        new string('a', 64),
        new(StringComparer.Ordinal) { ["CalibrationData"] = "12ab" },
        new(StringComparer.Ordinal) { ["Scheme"] = "Static" },
        new LockedChoices(
            ["conv1"], new(StringComparer.Ordinal) { ["Rounding"] = true }, new(StringComparer.Ordinal) { ["x"] = "UInt8 0.5 3", ["<a>"] = "UInt8 0.25 0" }),
        new LockedAccuracy("Top1", 0.98, 0.97, 0.01, 250),
        new LockedOutput(new string('b', 64), 1234, "x64-avx512-vnni", "ONNX Runtime 1.29.0", "QuantBuild 0.1.0"));
}
