using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class PrecedenceTests
{
    [TestMethod]
    public void Resolve_NothingWritten_GivesTheDefaults()
    {
        using SettingsProject project = new SettingsProject().WithModel("Models/fashion.onnx");

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.WeightOnly, settings.Scheme);
        Assert.AreEqual(project.PathOf("Models/fashion.onnx"), settings.ModelPath);
        Assert.AreEqual("Shop", settings.Namespace);
        Assert.AreEqual("Fashion", settings.ClassName);
        Assert.AreEqual(GateMode.Error, settings.Gate);
        Assert.IsNull(settings.MaxAccuracyDrop);
        Assert.IsNull(settings.CalibrationData);
        Assert.IsEmpty(settings.ExcludedNodes);
    }

    [TestMethod]
    public void Resolve_MetadataAndProperty_MetadataWins()
    {
        using SettingsProject project = new SettingsProject().WithFile("c.npz")
            .WithProperty("QuantBuildCalibrationData", "c.npz")
            .WithProperty("QuantBuildMaxAccuracyDrop", "0.01")
            .WithModel("a.onnx", ("MaxAccuracyDrop", "0.02"))
            .WithModel("b.onnx");

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics);
        Assert.AreEqual(0.02, settings[0].MaxAccuracyDrop);
        Assert.AreEqual(0.01, settings[1].MaxAccuracyDrop);
    }

    [TestMethod]
    public void Resolve_EmptyMetadata_IsNotWritten()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildVisibility", "Public").WithModel("a.onnx", ("Visibility", "  "));

        Assert.AreEqual(ClassVisibility.Public, project.ResolveOnly().Visibility);
    }

    [TestMethod]
    public void Resolve_AutoWithDataProvider_IsStaticAndNeedsNoAssembly()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("DataProvider", @"lib\Samples.dll ; My.Samples"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.Static, settings.Scheme);
        Assert.AreEqual(project.PathOf("lib/Samples.dll"), settings.DataProvider!.Assembly);
        Assert.AreEqual("My.Samples", settings.DataProvider.TypeName);
        Assert.AreEqual("lib/Samples.dll;My.Samples", settings.InForce.Single(setting => setting.Name == "DataProvider").Value);
        Assert.IsFalse(settings.Deciding.Any(setting => setting.Name == "DataProvider"), "Of files the content decides.");
    }

    [TestMethod]
    public void Resolve_AutoWithCalibrationData_IsStatic()
    {
        using SettingsProject project = new SettingsProject().WithFile("Data/c.npz").WithModel("a.onnx", ("CalibrationData", "Data/c.npz"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.Static, settings.Scheme);
        Assert.AreEqual(project.PathOf("Data/c.npz"), settings.CalibrationData);
    }

    [TestMethod]
    public void Resolve_Anything_ReportsEverySettingThatChangesModelsOrderedByName()
    {
        using SettingsProject project = new SettingsProject().WithFile("Data/c.npz").WithFile("v.npz");
        project.WithModel(
            "a.onnx", ("CalibrationData", @"Data\c.npz"), ("ValidationData", project.PathOf("v.npz")), ("MaxAccuracyDrop", "0.010"));

        IReadOnlyList<SettingText> inForce = project.ResolveOnly().InForce;

        string[] expected =
        [
            "ActivationType=UInt8", "BiasCorrection=Auto", "BlankClass=First", "BlockReconstruction=Auto", "BlockSize=", "CalibrationData=Data/c.npz",
            "CenterCrop=", "ClassName=A", "Codebook=Auto", "ColorOrder=RGB", "Compression=None", "CrossLayerEqualization=Auto", "DataProvider=", "DataShape=", "Embed=true",
            "ExcludedNodes=", "ExcludedOperators=", "FixedInputs=", "Gate=Error", "Granularity=PerChannel", "Interpolation=Bilinear",
            "LabelName=labels", "Labels=", "Layout=Auto", "MaxAccuracyDrop=0.01", "MaxError=", "MaxModelSize=", "MaxSlowdown=", "Mean=", "Metric=Auto", "MetricOutput=",
            "MinAccuracy=", "Namespace=Shop", "Objective=Size", "PixelRange=Auto", "QuantBuildMemoryLimit=2GiB", "RangeEstimator=Auto",
            "Resize=", "Rounding=Auto", "SampleLimit=", "SampleSeed=", "Scheme=Auto", "SearchMethod=Exact", "Slice=", "SliceFile=", "SmoothQuant=Auto",
            "Std=", "Storage=Auto", "TargetProfile=X64Vnni", "TimeBudget=1m", "ValidationData=v.npz", "Visibility=Internal",
            "WeightSharing=Auto", "WeightType=Int8", "WordSeparator=",
        ];
        CollectionAssert.AreEqual(expected, inForce.Select(text => $"{text.Name}={text.Value}").ToArray());
    }

    [TestMethod]
    public void Resolve_CulturesWithOtherNumbersAndLetters_ChangesNothing()
    {
        SettingText[] expected = [.. InForceUnder("")];
        CollectionAssert.AreEqual(expected, InForceUnder("de-DE").ToArray());
        CollectionAssert.AreEqual(expected, InForceUnder("tr-TR").ToArray());
    }

    private static IReadOnlyList<SettingText> InForceUnder(string culture)
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo(culture);
            using SettingsProject project = new SettingsProject().WithFile("v.npz")
                .WithProperty("quantbuildminaccuracy", "0.125")
                .WithProperty("QUANTBUILDVISIBILITY", "internal")
                .WithModel("image-identity.onnx", ("validationdata", "v.npz"), ("METRIC", "cosinesimilarity"));
            QuantizationSettings settings = project.ResolveOnly();
            Assert.AreEqual("ImageIdentity", settings.ClassName);
            Assert.AreEqual(0.125, settings.MinAccuracy);
            return settings.InForce;
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
