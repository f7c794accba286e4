using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>The class of a model with several forms compiles wherever that of a model with one does.</summary>
[TestClass]
public sealed class VariantClassTests
{
    private static readonly string[] names = ["Static", "Dynamic", "WeightOnly8", "Float16", "None"];

    public static IEnumerable<object[]> Cases =>
        from signature in new[] { "ImageClassifier", "Transformer", "AllTypes", "OddShapes", "NoInputs" }
        from embed in new[] { true, false }
        select new object[] { signature, embed };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Generate_Variants_CompileInOldAndNewCSharp(string signature, bool embed)
    {
        string[] sources = Sources((ModelSignature)typeof(Signatures).GetProperty(signature)!.GetValue(null)!, embed, names);

        Assert.AreEqual("", GeneratedCode.Problems(GeneratedCode.Compile(LanguageVersion.CSharp7_3, NullableContextOptions.Disable, sources)));
        Assert.AreEqual("", GeneratedCode.Problems(GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Enable, sources)));
    }

    [TestMethod]
    public void Generate_WithoutOnnxRuntime_StillOpensTheModels()
    {
        const string User = """
            internal static class User
            {
                public static System.IO.Stream Open() { return FashionClassifier.Fashion.OpenModel(FashionClassifier.FashionVariant.Smallest); }
            }
            """;
        CSharpParseOptions options = GeneratedCode.Options(LanguageVersion.CSharp7_3).WithPreprocessorSymbols();
        var compilation = CSharpCompilation.Create(
            "Generated",
            Sources(Signatures.ImageClassifier, embed: true, names).Append(User).Select(source => CSharpSyntaxTree.ParseText(source, options)),
            GeneratedCode.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
    }

    [TestMethod]
    public void Generate_MetadataOfAVariant_StandsUnderItsName()
    {
        const string User = """
            internal static class User
            {
                public const string Hash = FashionClassifier.Fashion.Metadata.Float16.ModelSha256;
                public const string Resource = FashionClassifier.Fashion.Metadata.Static.ResourceName;
                public const int Inputs = FashionClassifier.Fashion.Metadata.InputCount;
            }
            """;

        Compilation compilation = GeneratedCode.Compile(
            LanguageVersion.CSharp7_3, NullableContextOptions.Disable, [.. Sources(Signatures.ImageClassifier, embed: true, "Static", "Float16"), User]);

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        Assert.AreEqual(
            "QuantBuild.fashion.Static.onnx",
            compilation.GetTypeByMetadataName("User")!.GetMembers("Resource").OfType<IFieldSymbol>().Single().ConstantValue);
    }

    [TestMethod]
    public void PrivateClass_Controller_IsTheSourceThatIsTestedHere()
    {
        string source = EmbeddedSource.PrivateClass(nameof(VariantController));

        StringAssert.StartsWith(source, "/// <summary>\n/// Decides on which variant of a model each call runs");
        StringAssert.Contains(source, "\nprivate sealed class VariantController\n");
        StringAssert.EndsWith(source, "\n}");
    }

    [TestMethod]
    [DataRow("LoadAdaptive")]
    [DataRow("Variant")]
    [DataRow("Resolve")]
    public void Generate_ClassCalledLikeAMember_IsRefused(string className) =>
        Assert.ThrowsExactly<QuantBuildException>(() => CSharpGenerator.Generate(Model(Signatures.ImageClassifier, true, "Static") with
        {
            Settings = Signatures.Settings(className),
        }));

    /// <summary>The class, and the constants of every form.</summary>
    private static string[] Sources(ModelSignature signature, bool embed, params string[] variants)
    {
        LoaderModel model = Model(signature, embed, variants);
        return
        [
            CSharpGenerator.Generate(model),
            .. variants.Select(variant => CSharpGenerator.GenerateMetadata(
                model with { Settings = model.Settings with { Variant = variant } }, ModelMeasurements.None)),
        ];
    }

    private static LoaderModel Model(ModelSignature signature, bool embed, params string[] variants) =>
        new(signature, SourceOpset: 17, Signatures.Settings() with { Embed = embed, Family = "fashion", Variant = variants[0] }, "unused")
        {
            Variants = [.. variants.Select(variant => new LoaderVariant(variant, $"QuantBuild.fashion.{variant}.onnx"))],
        };
}
