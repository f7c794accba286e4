using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class LowBitSettingsTests
{
    [TestMethod]
    [DataRow("Int4", 4, false)]
    [DataRow("uint3", 3, true)]
    [DataRow("Int8", 8, false)]
    public void Resolve_WeightType_SaysBitsAndZeroPoints(string type, int bits, bool hasZeroPoints)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Scheme", "WeightOnly"), ("WeightType", type));

        LowBitSettings settings = project.ResolveOnly().LowBits;

        Assert.AreEqual(bits, settings.Bits);
        Assert.AreEqual(hasZeroPoints, settings.HasZeroPoints);
        Assert.AreEqual(bits < 8, settings.IsOn);
        Assert.IsNull(settings.BlockSize);
    }

    [TestMethod]
    public void Resolve_Palettized_IsWeightOnlyWithTheBestCodebook()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Scheme", "palettized"), ("WeightType", "Int4"), ("BlockSize", "channel"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.WeightOnly, settings.Scheme);
        Assert.AreEqual(CodebookKind.KMeans, settings.LowBits.Codebook);
        Assert.AreEqual(int.MaxValue, settings.LowBits.BlockSize);
        Assert.AreEqual("Palettized", settings.InForce.Single(setting => setting.Name == "Scheme").Value);
    }

    [TestMethod]
    public void Resolve_OwnLevels_AreSorted()
    {
        using SettingsProject project = new SettingsProject()
            .WithModel("a.onnx", ("Scheme", "Palettized"), ("WeightType", "Int2"), ("Codebook", "1; -1 ;0.25"));

        CollectionAssert.AreEqual(new[] { -1f, 0.25f, 1f }, project.ResolveOnly().LowBits.Levels.ToArray());
    }

    [TestMethod]
    [DataRow("-3e38;0;3e38")]
    [DataRow("1e38;3e38")]
    [DataRow("1e-30;-3e-30")]
    [DataRow("-8;0;4")]
    public void Resolve_OwnLevelsOfAnySize_AreTheSameOnesNearOne(string levels)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Scheme", "Palettized"), ("WeightType", "Int2"), ("Codebook", levels));
        double[] written = [.. levels.Split(';').Select(level => double.Parse(level, System.Globalization.CultureInfo.InvariantCulture)).Order()];

        float[] read = [.. project.ResolveOnly().LowBits.Levels];

        Assert.IsTrue(read.Max(Math.Abs) is >= 1 and < 2, string.Join(' ', read));
        for (int i = 0; i < read.Length; i++)
            Assert.AreEqual(written[i] / written.Max(Math.Abs), read[i] / read.Max(Math.Abs), 1e-6);
    }

    [TestMethod]
    [DataRow("Codebook", "1;1")]
    [DataRow("Codebook", "1;NaN")]
    [DataRow("Codebook", "KMean")]
    [DataRow("Codebook", "1e-40;2e-40")]
    [DataRow("Codebook", "0;1e-30;1e30", DisplayName = "beside the largest the others are the same")]
    [DataRow("BlockSize", "7")]
    [DataRow("BlockSize", "Row")]
    [DataRow("WeightType", "Int9")]
    public void Resolve_WhatIsNoValue_IsRefused(string setting, string value)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Scheme", "WeightOnly"), (setting, value));

        project.Resolve();

        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
    }

    [TestMethod]
    [DataRow("Scheme=WeightOnly;WeightType=Int1", "Set Scheme=Palettized, or more bits")]
    [DataRow("Scheme=Palettized;WeightType=UInt4", "Remove the U")]
    [DataRow("Scheme=Palettized;Codebook=None;WeightType=Int4", "Set Scheme=WeightOnly for evenly spaced values")]
    [DataRow("Scheme=WeightOnly;WeightType=Int4;Rounding=Gptq", "Gptq needs CalibrationData")]
    [DataRow("Scheme=WeightOnly;Rounding=Hqq", "8 bits, which need no help")]
    [DataRow("Scheme=Dynamic;WeightType=Int4", "8 bits with a scale per channel")]
    [DataRow("Scheme=Float16;BlockSize=32", "not rounded to integers")]
    public void Resolve_WhatDoesNotGoTogether_IsToldOnce(string metadata, string why)
    {
        (string, string)[] pairs = [.. metadata.Split(';').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]))];
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", pairs);

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, why);
    }

    [TestMethod]
    [DataRow("WeightType=UInt4", "Remove the U")]
    [DataRow("WeightType=Int4;Rounding=Hqq", "Hqq is for layers in float")]
    public void Resolve_StaticWithWhatItsKernelsCannot_IsRefused(string metadata, string why)
    {
        (string, string)[] pairs = [.. metadata.Split(';').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]))];
        using SettingsProject project = new SettingsProject().WithFile("c.npz").WithModel("a.onnx", [("CalibrationData", "c.npz"), .. pairs]);

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, why);
    }

    [TestMethod]
    public void Resolve_MoreLevelsThanCodes_IsRefused()
    {
        using SettingsProject project = new SettingsProject()
            .WithModel("a.onnx", ("Scheme", "Palettized"), ("WeightType", "Int2"), ("Codebook", "0;1;2;3;4"));

        project.Resolve();

        StringAssert.Contains(project.OnlyProblem.Message, "it has 5 values, and weights of 2 bits have 4");
    }
}
