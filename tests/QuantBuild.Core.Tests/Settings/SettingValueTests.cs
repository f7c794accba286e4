using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

[TestClass]
public sealed class SettingValueTests
{
    private const string ProviderAllowed =
        "Allowed: the path of an assembly, a semicolon and the name of a public class, for instance ../Samples/bin/Debug/net10.0/Samples.dll;MyApp.Samples.";

    private const string DurationAllowed =
        "Allowed: a length of time from 0 to a week: a number of seconds, or with s, m or h behind it, for instance 3m.";

    private const string RatioAllowed =
        "Allowed: a number above 0 with a decimal point: 1 is as fast as the float model, 1.5 takes half as long again.";

    private const string NamedValuesAllowed = "Allowed: name=value with semicolons between them, each name once, for instance sr=16000;axes=[0,1].";

    [TestMethod]
    [DataRow("Scheme", "Statik", "Did you mean 'Static'? Allowed: Auto, Static, Dynamic, WeightOnly, Palettized, Float16, None.")]
    [DataRow("Scheme", "Zebra", "Allowed: Auto, Static, Dynamic, WeightOnly, Palettized, Float16, None.")]
    [DataRow("Scheme", "1", "Allowed: Auto, Static, Dynamic, WeightOnly, Palettized, Float16, None.")]
    [DataRow("Gate", "Warn", "Allowed: Error, Warning, Off.")]
    [DataRow("Gate", "Waring", "Did you mean 'Warning'? Allowed: Error, Warning, Off.")]
    [DataRow("Storage", "Zebra", "Allowed: Auto, Float16, Float32.")]
    [DataRow("MaxAccuracyDrop", "0,01", "Did you mean '0.01'? Allowed: a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01.")]
    [DataRow("MaxAccuracyDrop", "-0.1", "Allowed: a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01.")]
    [DataRow("MinAccuracy", "NaN", "Allowed: a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01.")]
    [DataRow("MinAccuracy", "90%", "Allowed: a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01.")]
    [DataRow("SampleLimit", "0", "Allowed: a whole number from 1 to 2147483647, without separators.")]
    [DataRow("SampleLimit", "1,000", "Allowed: a whole number from 1 to 2147483647, without separators.")]
    [DataRow("SampleLimit", "2147483648", "Allowed: a whole number from 1 to 2147483647, without separators.")]
    [DataRow("TimeBudget", "soon", DurationAllowed)]
    [DataRow("TimeBudget", "-1m", DurationAllowed)]
    [DataRow("TimeBudget", "200h", DurationAllowed)]
    [DataRow("TimeBudget", "3 minutes", "Did you mean '3m'? " + DurationAllowed)]
    [DataRow("MaxModelSize", "0",
        "Allowed: a whole number of bytes from 1, with KiB, MiB or GiB behind it or nothing, for instance 2GiB.")]
    [DataRow("MaxSlowdown", "0", RatioAllowed)]
    [DataRow("MaxSlowdown", "1,5", RatioAllowed)]
    [DataRow("SearchMethod", "Exakt", "Did you mean 'Exact'? Allowed: Exact, Evolutionary.")]
    [DataRow("FixedInputs", "sr", NamedValuesAllowed)]
    [DataRow("FixedInputs", "=1", NamedValuesAllowed)]
    [DataRow("FixedInputs", "sr=", NamedValuesAllowed)]
    [DataRow("FixedInputs", "sr=1;sr=2", NamedValuesAllowed)]
    [DataRow("DataProvider", ";My.Samples", ProviderAllowed)]
    [DataRow("DataProvider", "a.dll;My.Samples;x", ProviderAllowed)]
    [DataRow("CalibrationData", "a\0b", "Allowed: the path of a file, absolute or relative to the project.")]
    public void Resolve_InvalidMetadata_ListsWhatIsAllowed(string name, string value, string hint)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (name, value));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
        Assert.AreEqual($"'{value}' is not a valid value of {name}. {hint}", project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", name), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_InvalidProperty_IsReportedOnceAndDropsOnlyTheModelsItHoldsFor()
    {
        using SettingsProject project = new SettingsProject()
            .WithProperty("QuantBuildGate", "Loud")
            .WithModel("a.onnx")
            .WithModel("b.onnx", ("Gate", "Warning"))
            .WithModel("c.onnx");

        QuantizationSettings only = project.Resolve().Single();

        Assert.AreEqual("b.onnx", only.DisplayPath);
        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin(null, "QuantBuildGate"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    [DataRow("ActivationType", "Int8", "Available: UInt8.")]
    [DataRow("WeightType", "Int16", "Available: Int8, Int7, Int6, Int5, Int4, Int3, Int2, Int1, UInt7, UInt6, UInt5, UInt4, UInt3, UInt2.")]
    public void Resolve_ValueOfALaterVersion_SaysWhatIsAvailable(string name, string value, string hint)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (name, value));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1003", project.OnlyProblem.Code);
        Assert.AreEqual($"{name}='{value}' is not available in this version. {hint}", project.OnlyProblem.Message);
    }

    [TestMethod]
    public void Resolve_EverySettingOfALaterVersion_IsRefusedExceptAtItsDefault()
    {
        foreach (SettingDescriptor setting in SettingCatalogue.All.Where(setting => !setting.IsAvailable))
        {
            using SettingsProject atDefault = new SettingsProject()
                .WithProperty(setting.PropertyName, setting.Default.ToUpperInvariant()).WithModel("a.onnx");
            Assert.HasCount(1, atDefault.Resolve(), setting.Name);
            Assert.IsEmpty(atDefault.Problems.Diagnostics, setting.Name);

            string other = setting.Kind is Choice choice ? choice.Planned[0] : "something";
            using SettingsProject changed = new SettingsProject().WithProperty(setting.PropertyName, other).WithModel("a.onnx");
            Assert.IsEmpty(changed.Resolve(), setting.Name);
            Assert.AreEqual("QB1003", changed.OnlyProblem.Code, setting.Name);
        }
    }

    [TestMethod]
    [DataRow("63MiB", "")]
    [DataRow("67108863", "")]
    [DataRow("-2GiB", "")]
    [DataRow("1.5GiB", "")]
    [DataRow("all", "")]
    [DataRow("9999999999GiB", "")]
    [DataRow("2GB", "Did you mean '2GiB'? ")]
    [DataRow("512M", "Did you mean '512MiB'? ")]
    public void Resolve_InvalidMemoryLimit_SaysWhatIsAllowed(string value, string meant)
    {
        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildMemoryLimit", value).WithModel("a.onnx");

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
        Assert.AreEqual(
            $"'{value}' is not a valid value of QuantBuildMemoryLimit. {meant}Allowed: a whole number of bytes from 64MiB, with KiB, MiB or GiB behind it or nothing, for instance 2GiB.",
            project.OnlyProblem.Message);
    }

    [TestMethod]
    [DataRow("64MiB", 64L << 20, "64MiB")]
    [DataRow("67108864", 64L << 20, "64MiB")]
    [DataRow("67108865", (64L << 20) + 1, "67108865")]
    [DataRow("2048 mib", 2L << 30, "2GiB")]
    [DataRow("131073KiB", 131073L << 10, "131073KiB")]
    public void Resolve_MemoryLimit_IsReadInBytesAndHasOneSpelling(string value, long bytes, string spelling)
    {
        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildMemoryLimit", value).WithModel("a.onnx");

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(bytes, settings.MemoryLimit);
        Assert.AreEqual(spelling, settings.InForce.Single(text => text.Name == "QuantBuildMemoryLimit").Value);
    }

    [TestMethod]
    public void Resolve_ValuesInOtherCaseAndWithSpaces_AreRead()
    {
        using SettingsProject project = new SettingsProject().WithFile("v.npz").WithModel(
            "a.onnx", ("scheme", " weightonly "), ("GATE", "warning"), ("Metric", "COSINESIMILARITY"), ("Visibility", "public"),
            ("ValidationData", "v.npz"), ("MinAccuracy", " 9.5e-1 "), ("MaxAccuracyDrop", "0"), ("SampleLimit", "007"));

        QuantizationSettings settings = project.ResolveOnly();

        Assert.AreEqual(QuantizationScheme.WeightOnly, settings.Scheme);
        Assert.AreEqual(GateMode.Warning, settings.Gate);
        Assert.AreEqual(AccuracyMetric.CosineSimilarity, settings.Metric);
        Assert.AreEqual(ClassVisibility.Public, settings.Visibility);
        Assert.AreEqual(0.95, settings.MinAccuracy);
        Assert.AreEqual(0.0, settings.MaxAccuracyDrop);
        Assert.AreEqual(7, settings.SampleLimit);
    }

    [TestMethod]
    public void Resolve_NamedValues_AreSplitAtSemicolonsAndTheFirstEqualsSign()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("FixedInputs", "\n sr = 16000;;axes=[0, 1]; odd==\n"));

        QuantizationSettings settings = project.ResolveOnly();

        CollectionAssert.AreEqual(
            new[] { new SettingText("sr", "16000"), new SettingText("axes", "[0, 1]"), new SettingText("odd", "=") }, settings.FixedInputs.ToArray());
    }

    [TestMethod]
    public void Resolve_Lists_AreSplitAtSemicolons()
    {
        using SettingsProject project = new SettingsProject().WithModel(
            "a.onnx", ("ExcludedNodes", "\n  /layer1/Conv;\n /layer 2/Add ;;/layer1/Conv\n"), ("ExcludedOperators", "Mul"));

        QuantizationSettings settings = project.ResolveOnly();

        CollectionAssert.AreEqual(new[] { "/layer1/Conv", "/layer 2/Add" }, settings.ExcludedNodes.ToArray());
        CollectionAssert.AreEqual(new[] { "Mul" }, settings.ExcludedOperators.ToArray());
    }
}
