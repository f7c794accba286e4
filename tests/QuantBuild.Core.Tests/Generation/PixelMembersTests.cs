using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Generation.FSharp;
using QuantBuild.Generation.VisualBasic;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>The method that takes pixels: where it is, and that it compiles everywhere.</summary>
[TestClass]
public sealed class PixelMembersTests
{
    private static readonly PixelPlan plan = PixelPlans.Bytes(3) with
    {
        Resize = [256], Crop = [224, 224], Divisor = 255, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f], IsChannelsLast = false,
    };

    [TestMethod]
    [DataRow(LanguageVersion.CSharp7_3, NullableContextOptions.Disable)]
    [DataRow(LanguageVersion.CSharp8, NullableContextOptions.Enable)]
    [DataRow(LanguageVersion.Latest, NullableContextOptions.Enable)]
    public void Generate_EveryLanguageVersion_CompilesWithoutWarnings(LanguageVersion language, NullableContextOptions nullable)
    {
        foreach (PixelPlan variant in new[] { plan, plan with { IsBytes = true, IsChannelsLast = true, Rank = 3, Resize = [], Crop = [] } })
        {
            string source = Generate(variant);
            StringAssert.Contains(source, "int stride, PixelFormat format, ");
            Assert.AreEqual("", GeneratedCode.Problems(GeneratedCode.Compile(language, nullable, source)));
        }
    }

    [TestMethod]
    public void Generate_PublicAndWarningsNotDisabled_DocumentationIsComplete()
    {
        string source = Signatures.Generate(Model(plan, ClassVisibility.Public))
            .Replace("#pragma warning disable\n", "", StringComparison.Ordinal);

        Assert.AreEqual("", GeneratedCode.Problems(GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, source)));
    }

    [TestMethod]
    public void Generate_TypesOfTheUserWithTheNamesOfSystemTypes_StillCompiles()
    {
        const string user = """
            namespace FashionClassifier
            {
                class System { } class Math { } class Vector { } class Span<T> { } class ReadOnlySpan<T> { } class ArrayPool { } class Array { }
                class ArgumentException { } class MemoryMarshal { } class PixelPipeline { } class PixelAxis { } class PixelRows { } class PixelFormat { }
            }
            """;

        CSharpCompilation compilation = GeneratedCode.Compile(LanguageVersion.CSharp7_3, NullableContextOptions.Disable, Generate(plan), user);

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
    }

    [TestMethod]
    public void Generate_NoPlanOrSeveralPicturesAtOnce_HasNoSuchMethod()
    {
        Assert.DoesNotContain("PixelFormat", CSharpGenerator.Generate(Model(null)));
        TensorSignature batch = new("x", OnnxElementType.Float, [new(8, null), new(3, null), new(224, null), new(224, null)]);
        LoaderModel model = Model(plan) with { Signature = new ModelSignature([batch], Signature.Outputs) };

        Assert.DoesNotContain("PixelFormat", CSharpGenerator.Generate(model));
    }

    [TestMethod]
    public void Generate_OtherLanguages_HaveNoSuchMethod()
    {
        Assert.DoesNotContain("PixelFormat", FSharpGenerator.Generate(Model(plan)));
        Assert.DoesNotContain("PixelFormat", VisualBasicGenerator.Generate(Model(plan)));
    }

    [TestMethod]
    [DataRow("PixelFormat")]
    [DataRow("PixelPipeline")]
    [DataRow("PixelAxis")]
    [DataRow("PixelRows")]
    public void Generate_ClassOfTheName_IsRefused(string name)
    {
        LoaderModel model = Model(plan) with { Settings = Signatures.Settings() with { ClassName = name } };

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => CSharpGenerator.Generate(model));

        Assert.AreEqual("QB8003", exception.Diagnostic.Code);
    }

    private static ModelSignature Signature { get; } = new(
        [new TensorSignature("x", OnnxElementType.Float, [new(null, "n"), new(3, null), new(224, null), new(224, null)])],
        [new TensorSignature("y", OnnxElementType.Float, [new(null, "n"), new(10, null)])]);

    private static string Generate(PixelPlan plan) => Signatures.Generate(Model(plan));

    private static LoaderModel Model(PixelPlan? plan, ClassVisibility visibility = ClassVisibility.Internal) =>
        Signatures.Model(Signature, Signatures.Settings() with { Visibility = visibility }) with { Pixels = plan };
}
