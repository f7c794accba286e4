using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

[TestClass]
public sealed class CSharpGeneratorTests
{
    private static readonly ModelSignature[] signatures =
        [Signatures.ImageClassifier, Signatures.Transformer, Signatures.AllTypes, Signatures.OddShapes, Signatures.NoInputs, Signatures.FixedBatch];

    [TestMethod]
    [DataRow(LanguageVersion.CSharp7_3, NullableContextOptions.Disable)]
    [DataRow(LanguageVersion.CSharp8, NullableContextOptions.Enable)]
    [DataRow(LanguageVersion.CSharp12, NullableContextOptions.Disable)]
    [DataRow(LanguageVersion.Latest, NullableContextOptions.Enable)]
    public void Generate_EveryLanguageVersion_CompilesWithoutWarnings(LanguageVersion language, NullableContextOptions nullable)
    {
        foreach (ModelSignature signature in signatures)
        {
            string source = Signatures.Generate(signature);
            Assert.AreEqual("", Problems(source, language, nullable));
        }
    }

    [TestMethod]
    public void Generate_PublicAndWarningsNotDisabled_DocumentationIsComplete()
    {
        foreach (ModelSignature signature in signatures)
        {
            string source = Signatures
                .Generate(Signatures.Model(signature, Signatures.Settings() with { Visibility = ClassVisibility.Public }))
                .Replace("#pragma warning disable\n", "", StringComparison.Ordinal);
            Assert.AreEqual("", Problems(source, LanguageVersion.Latest, NullableContextOptions.Enable));
        }
    }

    [TestMethod]
    public void Generate_TypesOfTheUserWithTheNamesOfSystemTypes_StillCompiles()
    {
        const string user = """
            namespace FashionClassifier
            {
                class System { } class Microsoft { } class InferenceSession { } class OrtValue { } class String { } class Int64 { }
                class ReadOnlySpan<T> { } class IDisposable { } class GeneratedCodeAttribute { } class Stream { } class var { }
            }
            """;
        foreach (ModelSignature signature in signatures)
        {
            CSharpCompilation compilation = GeneratedCode.Compile(
                LanguageVersion.CSharp7_3, NullableContextOptions.Disable, Signatures.Generate(signature), user);
            Assert.AreEqual("", GeneratedCode.Problems(compilation));
        }
    }

    [TestMethod]
    public void Generate_FileBesideTheProgram_IsLoadedByItsPath()
    {
        string source = Signatures.Generate(
            Signatures.Model(Signatures.ImageClassifier, Signatures.Settings() with { Embed = false }) with { StoredAs = "fashion.onnx" });

        CSharpCompilation compilation = GeneratedCode.Compile(LanguageVersion.CSharp7_3, NullableContextOptions.Disable, source);
        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        StringAssert.Contains(source, "OpenFile(ModelPath(), options, cancellationToken)");
        Assert.DoesNotContain("GetManifestResourceStream", source);
    }

    [TestMethod]
    [DataRow("Fashion", "")]
    [DataRow("Größe", "My.event.Models")]
    [DataRow("class", "namespace")]
    [DataRow("record", "A")]
    [DataRow("required", "A")]
    [DataRow("scoped", "A")]
    [DataRow("file", "A")]
    [DataRow("field", "A")]
    [DataRow("extension", "A")]
    [DataRow("var", "A")]
    [DataRow("partial", "A")]
    [DataRow("where", "A")]
    [DataRow("await", "A")]
    [DataRow("nint", "A")]
    [DataRow("dynamic", "A")]
    [DataRow("_", "_")]
    [DataRow("T", "System")]
    [DataRow("System", "Microsoft.ML.OnnxRuntime")]
    public void Generate_UnusualNameOfTheClass_Compiles(string className, string space)
    {
        string source = Signatures.Generate(Signatures.Model(Signatures.Transformer, Signatures.Settings(className, space)));
        Assert.AreEqual("", Problems(source, LanguageVersion.CSharp7_3, NullableContextOptions.Disable));
        Assert.AreEqual("", Problems(source, LanguageVersion.Preview, NullableContextOptions.Enable));
        StringAssert.Contains(source, "class " + CSharpIdentifiers.Escape(className) + " :", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("", "A", "QB8001")]
    [DataRow("1x", "A", "QB8001")]
    [DataRow("a-b", "A", "QB8001")]
    [DataRow("A{}class B", "A", "QB8001")]
    [DataRow("X", "A..B", "QB8001")]
    [DataRow("X", "A;", "QB8001")]
    [DataRow("X", "my-app", "QB8001")]
    [DataRow("Run", "A", "QB8003")]
    [DataRow("Session", "A", "QB8003")]
    [DataRow("CheckLength", "A", "QB8003")]
    [DataRow("Metadata", "A", "QB8003")]
    [DataRow("System", "", "QB8003")]
    public void Generate_ImpossibleNameOfTheClass_IsAnError(string className, string space, string code)
    {
        QuantBuildException error = Assert.ThrowsExactly<QuantBuildException>(() =>
            Signatures.Generate(Signatures.Model(Signatures.ImageClassifier, Signatures.Settings(className, space))));
        Assert.AreEqual(code, error.Diagnostic.Code);
        Assert.AreEqual("Models/fashion.onnx", error.Diagnostic.Origin?.Model);
    }

    [TestMethod]
    public void Generate_MembersOfTheGeneratedClass_AreAllReserved()
    {
        CSharpCompilation compilation = GeneratedCode.Compile(
            LanguageVersion.Latest, NullableContextOptions.Disable, Signatures.Generate(Signatures.AllTypes));
        INamedTypeSymbol type = compilation.GetTypeByMetadataName("FashionClassifier.Fashion")!;
        string[] names = [.. type.GetMembers().Where(member => member.CanBeReferencedByName).Select(member => member.Name)];
        Assert.IsTrue(names.Length > 10);
        foreach (string name in names.Where(name => !name.StartsWith('_')))
        {
            Assert.ThrowsExactly<QuantBuildException>(
                () => Signatures.Generate(Signatures.Model(Signatures.AllTypes, Signatures.Settings(name))), name);
        }
    }

    [TestMethod]
    public void Generate_Visibility_IsThatOfTheSetting()
    {
        string text = Signatures.Generate(
            Signatures.Model(Signatures.ImageClassifier, Signatures.Settings() with { Visibility = ClassVisibility.Public }));
        StringAssert.Contains(text, "public sealed partial class Fashion :", StringComparison.Ordinal);
        StringAssert.Contains(text, "public sealed partial class FashionOutput\n", StringComparison.Ordinal);
        string @default = Signatures.Generate(Signatures.ImageClassifier);
        StringAssert.Contains(@default, "internal sealed partial class Fashion :", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Generate_AnotherCulture_GivesTheSameText()
    {
        ModelSignature signature = new([Signatures.Tensor("IMAGE_ID", "I", -1, 1000)], [Signatures.Tensor("i_i", "I")]);
        string invariant = Signatures.Generate(signature);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in new[] { "tr-TR", "sv-SE", "fa-IR" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                Assert.AreEqual(invariant, Signatures.Generate(signature), culture);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Problems(string source, LanguageVersion language, NullableContextOptions nullable) =>
        GeneratedCode.Problems(GeneratedCode.Compile(language, nullable, source));
}
