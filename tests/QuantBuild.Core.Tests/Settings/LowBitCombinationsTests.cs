using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

/// <summary>Settings of few bits that contradict each other, and those that are meant for another variant of their model.</summary>
[TestClass]
public sealed class LowBitCombinationsTests
{
    [TestMethod]
    [DataRow("Scheme=Static;WeightType=Int4;Granularity=PerTensor", "Granularity", "weights in few bits have a scale per channel")]
    [DataRow("Scheme=Static;BlockSize=32", "BlockSize", "weights of 8 bits with a scale per channel")]
    [DataRow("Scheme=Static;Codebook=KMeans", "Codebook", "weights of 8 bits as they are")]
    [DataRow("Scheme=Static;WeightType=Int4;Codebook=KMeans;BlockSize=32", "BlockSize", "a codebook with a scale per channel")]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;BiasCorrection=Full", "BiasCorrection", "Scheme=Static alone")]
    [DataRow("Scheme=Palettized;WeightType=Int4;Objective=Latency", "Objective", "for the values of a codebook")]
    [DataRow("Scheme=WeightOnly;WeightType=Int3;Objective=Latency", "Objective", "for 3 bits")]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;BlockSize=8;Objective=Latency", "Objective", "for blocks of 8 weights")]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;BlockSize=40;Objective=Latency", "Objective", "for blocks of 40 weights")]
    public void Resolve_WhatWouldDoNothing_IsRefused(string metadata, string setting, string why)
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz").WithModel("a.onnx", [("CalibrationData", "c.npz"), .. Pairs(metadata)]);

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(setting, project.OnlyProblem.Origin?.Setting);
        StringAssert.Contains(project.OnlyProblem.Message, why);
    }

    [TestMethod]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;BlockReconstruction=true", "BlockReconstruction")]
    [DataRow("Scheme=Palettized;WeightType=Int4;BlockReconstruction=true", "BlockReconstruction")]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;BiasCorrection=Fast", "BiasCorrection")]
    public void Resolve_WhatNeedsSamplesWithoutThem_IsRefused(string metadata, string setting)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", Pairs(metadata));

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        Assert.AreEqual(setting, project.OnlyProblem.Origin?.Setting);
        StringAssert.Contains(project.OnlyProblem.Message, "CalibrationData. Set it, or Auto");
    }

    [TestMethod]
    [DataRow("WeightType=Int4")]
    [DataRow("WeightType=Int2;BlockSize=48")]
    [DataRow("WeightType=Int4;BlockSize=Channel")]
    public void Resolve_LatencyOfWhatCanStayPacked_IsTaken(string metadata)
    {
        using SettingsProject project = new SettingsProject()
            .WithModel("a.onnx", [("Scheme", "WeightOnly"), ("Objective", "Latency"), .. Pairs(metadata)]);

        Assert.AreEqual(QuantizationObjective.Latency, project.ResolveOnly().Objective);
    }

    [TestMethod]
    public void Resolve_LatencyOfTheWholeProject_DoesNotRefuseAModel()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildObjective", "Latency").WithModel("a.onnx", ("Scheme", "WeightOnly"), ("WeightType", "Int3"));

        Assert.AreEqual(3, project.ResolveOnly().LowBits.Bits);
    }

    [TestMethod]
    [DataRow("Rounding=Hqq", RoundingMethod.Auto, 8, null, RoundingMethod.Hqq, 4, null)]
    [DataRow("WeightType=UInt4", RoundingMethod.Auto, 4, null, RoundingMethod.Auto, 4, null)]
    [DataRow("BlockSize=32", RoundingMethod.Auto, 8, null, RoundingMethod.Auto, 4, 32)]
    [DataRow("WeightType=Int4;Granularity=PerTensor;BlockSize=32", RoundingMethod.Auto, 8, null, RoundingMethod.Auto, 4, 32)]
    [DataRow("BlockSize=8;Objective=Latency", RoundingMethod.Auto, 8, null, RoundingMethod.Auto, 4, 8)]
    public void Resolve_WhatIsMeantForOneVariant_IsIdleInTheOther(
        string metadata, object ofStatic, int staticBits, int? staticBlock, object ofFloat, int floatBits, int? floatBlock)
    {
        using SettingsProject project = WithVariants(metadata, "Static", "WeightOnly4");

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics, string.Join('\n', project.Problems.Diagnostics));
        Assert.AreEqual((ofStatic, staticBits, staticBlock), ((object)settings[0].Rounding, settings[0].LowBits.Bits, settings[0].LowBits.BlockSize));
        Assert.AreEqual((ofFloat, floatBits, floatBlock), ((object)settings[1].Rounding, settings[1].LowBits.Bits, settings[1].LowBits.BlockSize));
        Assert.IsFalse(settings[0].LowBits.HasZeroPoints);
    }

    [TestMethod]
    public void Resolve_FullBiasCorrection_IsForTheVariantThatHasIt()
    {
        using SettingsProject project = WithVariants("BiasCorrection=Full", "Static", "WeightOnly4");

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics, string.Join('\n', project.Problems.Diagnostics));
        Assert.AreEqual(BiasCorrectionMode.Full, settings[0].BiasCorrection);
        Assert.AreEqual(BiasCorrectionMode.Auto, settings[1].BiasCorrection);
    }

    [TestMethod]
    public void Resolve_WeightOnly4WithZeroPoints_KeepsThem()
    {
        using SettingsProject project = WithVariants("WeightType=UInt4", "Float16", "WeightOnly4", "WeightOnly8");

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics, string.Join('\n', project.Problems.Diagnostics));
        Assert.AreEqual((4, true), (settings[1].LowBits.Bits, settings[1].LowBits.HasZeroPoints));
        Assert.AreEqual((8, false), (settings[2].LowBits.Bits, settings[2].LowBits.HasZeroPoints));
    }

    private static SettingsProject WithVariants(string metadata, params string[] variants) => new SettingsProject().WithFile("c.npz").WithVariants(
        "a.onnx", variants, [("Variants", string.Join(';', variants)), ("CalibrationData", "c.npz"), .. Pairs(metadata)]);

    private static (string Name, string Value)[] Pairs(string metadata) =>
        [.. metadata.Split(';').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]))];
}
