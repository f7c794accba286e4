using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Settings;

/// <summary>What <c>Variants</c> accepts, and what its variants make of the other settings of their item.</summary>
[TestClass]
public sealed class VariantSettingsTests
{
    [TestMethod]
    [DataRow("static;weightonly8;FLOAT16", "Static;WeightOnly8;Float16")]
    [DataRow(" None ; Dynamic ;", "None;Dynamic")]
    [DataRow("Static", "Static")]
    public void Read_Names_HaveOneSpelling(string written, string expected) =>
        Assert.AreEqual(SettingReading.Valid(expected), SettingCatalogue.Variants.Read(written));

    [TestMethod]
    [DataRow("Static;Flaot16", "Static;Float16")]
    [DataRow("Static;Float16;static", "Static;Float16")]
    [DataRow("WeightOnly", "WeightOnly8")]
    [DataRow("Everything", null)]
    public void Read_UnknownOrTwice_IsRefusedWithTheNearestList(string written, string? nearest)
    {
        Assert.AreEqual(SettingVerdict.Invalid, SettingCatalogue.Variants.Read(written).Verdict);
        Assert.AreEqual(nearest, SettingCatalogue.Variants.Kind.Nearest(written));
    }

    [TestMethod]
    public void Resolve_UnknownVariant_IsToldOnce()
    {
        using SettingsProject project = new SettingsProject().WithVariants("a.onnx", ["Flaot16", "None"], ("Variants", "Flaot16;None"));

        Assert.IsEmpty(project.Resolve());
        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
        Assert.AreEqual(
            "'Flaot16;None' is not a valid value of Variants. Did you mean 'Float16;None'? "
            + "Allowed: Static, Dynamic, WeightOnly8, WeightOnly4, Float16, None, with semicolons between them, each once.",
            project.OnlyProblem.Message);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "Variants"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_WeightOnly4_HasFourBits()
    {
        using SettingsProject project = new SettingsProject().WithVariants(
            "a.onnx", ["WeightOnly4", "WeightOnly8"], ("Variants", "WeightOnly4;WeightOnly8"), ("WeightType", "Int3"));

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.AreEqual("4 8", string.Join(' ', settings.Select(model => model.LowBits.Bits)));
        Assert.IsTrue(settings.All(model => model.Scheme == QuantizationScheme.WeightOnly));
    }

    [TestMethod]
    public void Resolve_Variants_DecideTheSchemes()
    {
        using SettingsProject project = new SettingsProject().WithFile("d.npz").WithProperty("QuantBuildScheme", "None")
            .WithVariants("a.onnx", ["static", "WeightOnly8", "None"], ("Variants", "static;WeightOnly8;None"), ("CalibrationData", "d.npz"));

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics, string.Join('\n', project.Problems.Diagnostics));
        Assert.AreEqual("Static WeightOnly None", string.Join(' ', settings.Select(model => model.Scheme)));
        Assert.AreEqual("Static WeightOnly8 None", string.Join(' ', settings.Select(model => model.Variant)));
        Assert.AreEqual("a.onnx#static a.onnx#WeightOnly8 a.onnx#None", string.Join(' ', settings.Select(model => model.DisplayPath)));
        Assert.IsTrue(settings.All(model => model is { ClassName: "A", Item: "a.onnx", Family: "a" }), "They share a class.");
        Assert.IsFalse(settings[0].InForce.Any(setting => setting.Name == "Variants"), "A form does not depend on what else there is.");
    }

    [TestMethod]
    public void Resolve_SettingsOfOneVariant_AreIdleInTheOthers()
    {
        using SettingsProject project = new SettingsProject().WithFile("d.npz").WithVariants(
            "a.onnx",
            ["Static", "Float16", "None"],
            ("Variants", "Static;Float16;None"),
            ("CalibrationData", "d.npz"),
            ("Objective", "Latency"),
            ("Storage", "Float16"),
            ("MaxAccuracyDrop", "0.01"));

        IReadOnlyList<QuantizationSettings> settings = project.Resolve();

        Assert.IsEmpty(project.Problems.Diagnostics, string.Join('\n', project.Problems.Diagnostics));
        Assert.AreEqual("Latency Size Size", string.Join(' ', settings.Select(model => model.Objective)));
        Assert.AreEqual("0.01 0.01 ", string.Join(' ', settings.Select(model => model.MaxAccuracyDrop)));
    }

    [TestMethod]
    public void Resolve_StaticVariantWithoutData_IsAnError()
    {
        using SettingsProject project = new SettingsProject().WithVariants("a.onnx", ["Float16", "Static"], ("Variants", "Float16;Static"));

        project.Resolve();

        Assert.AreEqual("QB1007", project.OnlyProblem.Code);
        Assert.AreEqual(new DiagnosticOrigin("a.onnx", "Variants"), project.OnlyProblem.Origin);
    }

    [TestMethod]
    public void Resolve_SchemeBesideVariants_ExcludeEachOther()
    {
        using SettingsProject project = new SettingsProject().WithVariants("a.onnx", ["None", "Float16"], ("Variants", "None;Float16"), ("Scheme", "Float16"));

        project.Resolve();

        Assert.AreEqual("QB1004", project.OnlyProblem.Code);
        StringAssert.StartsWith(project.OnlyProblem.Message, "Scheme has no effect with Variants");
    }

    [TestMethod]
    public void Resolve_SchemeOfAnItem_GoesBeforeThePropertyOfVariants()
    {
        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildVariants", "None;Float16").WithModel("a.onnx", ("Scheme", "Float16"));

        Assert.IsNull(project.ResolveOnly().Variant);
    }

    [TestMethod]
    [DataRow("F#")]
    [DataRow("VB")]
    public void Resolve_OtherLanguage_IsToldOnce(string language)
    {
        using SettingsProject project = new SettingsProject { Language = language }.WithVariants("a.onnx", ["None", "Float16"], ("Variants", "None;Float16"));

        project.Resolve();

        Assert.AreEqual("QB1011", project.OnlyProblem.Code);
        StringAssert.Contains(project.OnlyProblem.Message, $"the project's language is {language}.");
    }

    [TestMethod]
    [DataRow("a-variant.onnx")]
    [DataRow("aAdaptive.onnx")]
    public void Resolve_OtherModelWithTheNameOfATypeOfVariants_Collides(string other)
    {
        using SettingsProject project = new SettingsProject().WithVariants("a.onnx", ["None", "Float16"], ("Variants", "None;Float16")).WithModel(other);

        project.Resolve();

        Assert.AreEqual("QB1006", project.OnlyProblem.Code);
    }

    [TestMethod]
    public void Resolve_ItemListedTwice_Collides()
    {
        using SettingsProject project = new SettingsProject()
            .WithVariants("a.onnx", ["None", "Float16"], ("Variants", "None;Float16"))
            .WithVariants("b/a.onnx", ["None", "Float16"], ("Variants", "None;Float16"));

        project.Resolve();

        Assert.AreEqual("QB1006", project.OnlyProblem.Code);
    }
}
