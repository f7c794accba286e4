using QuantBuild.Locking;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>What a build makes is recorded beside the project, and held against the record in locked mode.</summary>
[TestClass]
public sealed class LockFileTests
{
    private const string Locked = "QuantBuildLockedMode";

    [TestMethod]
    public void Quantize_FirstBuild_RecordsWhatWasMadeAndTheSecondChangesNothing()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        byte[] first = File.ReadAllBytes(project.LockFile);
        LockEntry entry = Read(project).Models["digits.onnx"];

        Assert.AreEqual(64, entry.Model.Length);
        Assert.AreEqual(64, entry.Files["CalibrationData"].Length);
        Assert.AreEqual("Static", entry.Settings["Scheme"]);
        Assert.IsFalse(entry.Settings.ContainsKey("ClassName"));
        Assert.IsNotEmpty(entry.Choices.Integers);
        Assert.IsNotEmpty(entry.Choices.Activations);
        Assert.AreEqual("Top1", entry.Measured!.Metric);
        Assert.AreEqual(new FileInfo(project.Output("digits.onnx")).Length, entry.Output.Bytes);

        project.QuantizeAll((Locked, "true"));
        CollectionAssert.AreEqual(first, File.ReadAllBytes(project.LockFile));
    }

    [TestMethod]
    public void Quantize_LockedAndAnotherSetting_FailsAndSaysWhatDiffers()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        byte[] recorded = File.ReadAllBytes(project.LockFile);

        ProjectResult result = project.Quantize((Locked, "true"), ("QuantBuildRangeEstimator", "MinMax"));

        Assert.AreEqual("QB9007", PipelineProject.Errors(result).Single());
        StringAssert.Contains(result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB9007").Message, "RangeEstimator: 'Auto' is locked, 'MinMax' is what there is now");
        CollectionAssert.AreEqual(recorded, File.ReadAllBytes(project.LockFile));

        project.QuantizeAll((Locked, "false"), ("QuantBuildRangeEstimator", "MinMax"));
        project.QuantizeAll((Locked, "true"), ("QuantBuildRangeEstimator", "MinMax"));
    }

    [TestMethod]
    public void Quantize_LockedAndTheFileRecordsOtherBytes_Fails()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        Edit(project, entry => entry with { Output = entry.Output with { Sha256 = new string('0', 64) } });

        ProjectResult result = project.Quantize((Locked, "true"));

        Assert.AreEqual("QB9007", PipelineProject.Errors(result).Single());
        StringAssert.Contains(result.Diagnostics[^1].Message, "output: 000000000000… is locked");
    }

    [TestMethod]
    [DataRow("auto")]
    [DataRow("true")]
    public void Quantize_ContinuousIntegration_IsLockedWhereThereIsAFile(string mode)
    {
        using PipelineProject project = PipelineProject.Digits();
        project.IsContinuousIntegration = true;
        if (mode == "auto")
        {
            project.QuantizeAll((Locked, mode));
            Assert.IsTrue(File.Exists(project.LockFile), "Nothing is locked yet.");
        }
        else
        {
            Assert.AreEqual("QB9010", PipelineProject.Errors(project.Quantize((Locked, mode))).Single());
            project.QuantizeAll((Locked, "false"));
        }

        ProjectResult result = project.Quantize((Locked, mode), ("QuantBuildRangeEstimator", "MinMax"));
        Assert.AreEqual("QB9007", PipelineProject.Errors(result).Single());
    }

    [TestMethod]
    public void Quantize_ModelAddedOrRemovedInLockedMode_Fails()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        project.WithModel("more", TestModels.Digits(), ("Scheme", "WeightOnly"), ("ClassName", "More"));
        ProjectResult added = project.Quantize((Locked, "true"));
        StringAssert.Contains(added.Diagnostics.Single(diagnostic => diagnostic.Code == "QB9007").Message, "'more.onnx': this build makes something else");

        project.QuantizeAll();
        Assert.HasCount(2, Read(project).Models);
        using PipelineProject without = PipelineProject.Digits();
        File.Copy(project.LockFile, without.LockFile);
        StringAssert.Contains(without.Quantize((Locked, "true")).Diagnostics[^1].Message, "the project has no such model any more");

        without.QuantizeAll();
        Assert.HasCount(1, Read(without).Models);
    }

    [TestMethod]
    [DataRow("Auto")]
    [DataRow("true")]
    public void Quantize_DamagedFile_IsAnErrorAndIsReplacedOnDemand(string mode)
    {
        using PipelineProject project = PipelineProject.Digits();
        File.WriteAllText(project.LockFile, "{");

        Assert.AreEqual("QB9011", PipelineProject.Errors(project.Quantize((Locked, mode))).Single());

        project.QuantizeAll((Locked, "false"));
        Assert.HasCount(1, Read(project).Models);
    }

    [TestMethod]
    public void Quantize_NoLockFileWanted_NoneIsWritten()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll(("QuantBuildLockFile", "false"));
        Assert.IsFalse(File.Exists(project.LockFile));
    }

    [TestMethod]
    public void Quantize_LockFileCannotBeWritten_IsAWarning()
    {
        using PipelineProject project = PipelineProject.Digits();
        File.WriteAllText(Path.Combine(project.Directory, "file"), "");

        ProjectResult result = project.Quantize(("QuantBuildLockFile", "file/quantbuild.lock.json"));

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        CollectionAssert.Contains(PipelineProject.Codes(result), "QB9012");
        Assert.IsTrue(File.Exists(project.Output("digits.onnx")));
    }

    [TestMethod]
    public void Quantize_WithoutQuantizationForOnce_TheRecordStays()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        byte[] recorded = File.ReadAllBytes(project.LockFile);

        project.QuantizeAll(("QuantBuildScheme", "None"));
        CollectionAssert.AreEqual(recorded, File.ReadAllBytes(project.LockFile));

        project.QuantizeAll(("QuantBuildScheme", "None"), (Locked, "false"));
        Assert.AreEqual("None", Read(project).Models["digits.onnx"].Settings["Scheme"]);
    }

    [TestMethod]
    public void Quantize_SeveralTargetFrameworks_EachHasItsEntry()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.TargetFramework = "net8.0";
        project.QuantizeAll();
        project.TargetFramework = "net10.0";
        project.QuantizeAll(("QuantBuildScheme", "WeightOnly"));

        CollectionAssert.AreEqual(new[] { "digits.onnx (net10.0)", "digits.onnx (net8.0)" }, Read(project).Models.Keys.ToArray());
        project.QuantizeAll(("QuantBuildScheme", "WeightOnly"), (Locked, "true"));
    }

    /// <summary>With the choices of the record, which are not those that this machine would make.</summary>
    [TestMethod]
    [DataRow("Auto")]
    [DataRow("true")]
    public void Quantize_RecordOfAnotherClassOfProcessors_ItsChoicesAreRepeated(string mode)
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        string own = Read(project).Models["digits.onnx"].Output.Processor;
        string activation = Read(project).Models["digits.onnx"].Choices.Activations.Keys.First();
        Edit(project, entry =>
        {
            entry.Choices.Activations[activation] = "UInt8 0.03125 7";
            return entry with { Output = entry.Output with { Processor = "x64-avx2", Sha256 = new string('0', 64) } };
        });
        byte[] recorded = File.ReadAllBytes(project.LockFile);

        ProjectResult result = project.Quantize((Locked, mode));

        Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
        string message = result.Diagnostics.Single(diagnostic => diagnostic.Code == "QB9009").Message;
        StringAssert.Contains(message, "x64-avx2");
        StringAssert.Contains(message, own);
        CollectionAssert.AreEqual(recorded, File.ReadAllBytes(project.LockFile), "Whoever built last must not matter.");
        string written = project.Report("digits").GetProperty("activations").EnumerateArray()
            .Where(value => value.GetProperty("name").GetString() == activation)
            .Select(value => $"{value.GetProperty("scale").GetDouble()} {value.GetProperty("zeroPoint").GetInt32()}").Single();
        Assert.AreEqual("0.03125 7", written);
    }

    [TestMethod]
    public void Quantize_RecordOfAnotherClassAndAnotherVersion_IsReplaced()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        LockEntry own = Read(project).Models["digits.onnx"];
        Edit(project, entry => entry with { Output = entry.Output with { Processor = "x64-avx2", Tool = "QuantBuild 0.0.1" } });

        ProjectResult result = project.Quantize();

        CollectionAssert.DoesNotContain(PipelineProject.Codes(result), "QB9009");
        Assert.AreEqual(own.Output, Read(project).Models["digits.onnx"].Output);
    }

    [TestMethod]
    public void Quantize_RecordOfAnotherClassOfProcessors_TheGateIsChecked()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "Static"), ("MinAccuracy", "0.9"));
        project.QuantizeAll();
        Edit(project, entry =>
        {
            foreach (string value in entry.Choices.Activations.Keys.ToArray())
                entry.Choices.Activations[value] = "UInt8 1E-05 0";
            return entry with { Output = entry.Output with { Processor = "x64-avx2" } };
        });

        Assert.AreEqual("QB7002", PipelineProject.Errors(project.Quantize((Locked, "true"))).Single());
    }

    /// <summary>It was quantized before somebody else recorded theirs.</summary>
    [TestMethod]
    public void Quantize_CurrentModelWithOtherChoicesThanTheRecordOfAnotherClass_IsMadeByTheRecord()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        string activation = Read(project).Models["digits.onnx"].Choices.Activations.Keys.First();
        Edit(project, entry =>
        {
            entry.Choices.Activations[activation] = "UInt8 0.03125 7";
            return entry with { Output = entry.Output with { Processor = "x64-avx2" } };
        });
        ProjectRequest request = project.Request((Locked, "true"));
        request = request with { Models = [.. request.Models.Select(model => model with { IsCurrent = true })] };

        ProjectResult first = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()).Quantize(request, CancellationToken.None);
        ProjectResult second = new QuantizationPipeline(new OnnxRuntimeEngine(), new Progress<StageProgress>()).Quantize(request, CancellationToken.None);

        Assert.AreEqual("digits", first.Models.Single().Name);
        Assert.AreEqual("QB9009", PipelineProject.Codes(first).Single(code => code.StartsWith("QB9", StringComparison.Ordinal)));
        Assert.IsEmpty(second.Models, "Now it has those of the record.");
    }

    [TestMethod]
    public void Quantize_RecordThatDoesNotFitTheModel_WarningsComeBeforeTheError()
    {
        using PipelineProject project = PipelineProject.Digits(("SampleLimit", "20"));
        CollectionAssert.Contains(PipelineProject.Codes(project.Quantize()), "QB4006");
        Edit(project, entry =>
        {
            entry.Choices.Activations.Remove(entry.Choices.Activations.Keys.First());
            return entry with { Output = entry.Output with { Processor = "x64-avx2" } };
        });

        string[] codes = PipelineProject.Codes(project.Quantize());

        CollectionAssert.Contains(codes, "QB4006");
        CollectionAssert.Contains(codes, "QB9008");
    }

    [TestMethod]
    public void Quantize_RecordThatDoesNotFitTheModel_IsAnError()
    {
        using PipelineProject project = PipelineProject.Digits();
        project.QuantizeAll();
        byte[] recorded = File.ReadAllBytes(project.LockFile);
        Edit(project, entry =>
        {
            entry.Choices.Activations.Remove(entry.Choices.Activations.Keys.First());
            return entry with { Output = entry.Output with { Processor = "x64-avx2" } };
        });
        Assert.AreEqual("QB9008", PipelineProject.Errors(project.Quantize()).Single());

        File.WriteAllBytes(project.LockFile, recorded);
        Edit(project, entry =>
        {
            entry.Choices.Activations[entry.Choices.Activations.Keys.First()] = "UInt8 NaN 300";
            return entry with { Output = entry.Output with { Processor = "x64-avx2" } };
        });
        Assert.AreEqual("QB9011", PipelineProject.Errors(project.Quantize()).Single());

        project.QuantizeAll((Locked, "false"));
    }

    /// <summary>Equalized, corrected, partly float, with attention: every kind of choice is in the record.</summary>
    [TestMethod]
    public void Quantize_ReplayOnTheSameMachine_GivesTheSameBytes()
    {
        foreach (GeneratedNet net in (GeneratedNet[])[TransformerEncoder.Net, SqueezeExciteNet.Decomposed, DetectionNet.Net])
        {
            using PipelineProject project = new PipelineProject().WithData("data.npz", [.. net.Samples(48, seed: 1)]);
            project.WithModel("net", net.Model, ("CalibrationData", Path.Combine(project.Directory, "data.npz")));
            project.QuantizeAll();
            byte[] made = File.ReadAllBytes(project.Output("net.onnx"));
            Edit(project, entry => entry with { Output = entry.Output with { Processor = "another" } }, "net.onnx");

            ProjectResult result = project.Quantize((Locked, "true"));

            CollectionAssert.Contains(PipelineProject.Codes(result), "QB9009");
            Assert.IsTrue(result.Succeeded, string.Join('\n', result.Diagnostics));
            CollectionAssert.AreEqual(made, File.ReadAllBytes(project.Output("net.onnx")), net.ToString());
        }
    }

    private static LockFile Read(PipelineProject project) => LockFile.Read(project.LockFile)!;

    private static void Edit(PipelineProject project, Func<LockEntry, LockEntry> edit, string model = "digits.onnx")
    {
        LockFile file = Read(project);
        file.Models[model] = edit(file.Models[model]);
        File.WriteAllBytes(project.LockFile, file.ToBytes());
    }
}
