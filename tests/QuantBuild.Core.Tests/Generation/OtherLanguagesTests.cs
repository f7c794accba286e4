using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.FSharp;
using QuantBuild.Generation.VisualBasic;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>F# and Visual Basic: what is generated compiles without a warning, with ONNX Runtime and without.</summary>
[TestClass]
public sealed class OtherLanguagesTests
{
    private static readonly ModelSignature[] signatures =
        [Signatures.ImageClassifier, Signatures.Transformer, Signatures.AllTypes, Signatures.OddShapes, Signatures.NoInputs, Signatures.FixedBatch];

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void VisualBasic_EverySignature_CompilesWithoutWarnings(bool hasRuntime)
    {
        foreach (ModelSignature signature in signatures)
        {
            foreach (QuantizationSettings settings in Variants())
            {
                string[] sources = [.. Basic(Signatures.Model(signature, settings))
                    .Select(source => source.Replace("#Disable Warning\n", "", StringComparison.Ordinal))];
                Assert.AreEqual("", GeneratedCode.Problems(GeneratedBasic.Compile(hasRuntime, sources)), sources[0]);
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void FSharp_EverySignature_CompilesWithoutWarnings(bool hasRuntime)
    {
        string[] sources = [.. signatures.SelectMany((signature, index) => Variants().SelectMany((settings, variant) =>
            FSharp(Signatures.Model(signature, settings with { ClassName = $"Fashion{index}{variant}" }))))];

        Assert.AreEqual("", CompileFSharp(hasRuntime, sources));
    }

    [TestMethod]
    public void VisualBasic_TypesOfTheUserWithTheNamesOfSystemTypes_StillCompiles()
    {
        const string user = """
            Namespace Global.FashionClassifier
                Class System
                End Class
                Class Microsoft
                End Class
                Class OrtValue
                End Class
                Class Int64
                End Class
                Class InferenceSession
                End Class
            End Namespace
            """;
        foreach (ModelSignature signature in signatures)
        {
            Assert.AreEqual("", GeneratedCode.Problems(GeneratedBasic.Compile(true, [.. Basic(Signatures.Model(signature)), user])));
        }
    }

    [TestMethod]
    public void BothLanguages_UnusualNamesOfClasses_Compile()
    {
        (string ClassName, string Space)[] names =
        [
            ("Class", "Namespace.event"), ("class", "type"), ("Größe", "My.End.Models"), ("mod", "rec"), ("image", "global"),
            ("logits", "A"), ("_a", "_b"), ("T", "System"),
        ];
        LoaderModel[] models = [.. names.Select(name => Signatures.Model(Signatures.ImageClassifier, Signatures.Settings(name.ClassName, name.Space)))];

        Assert.AreEqual("", CompileFSharp(true, [.. models.SelectMany(FSharp)]));
        foreach (LoaderModel model in models)
            Assert.AreEqual("", GeneratedCode.Problems(GeneratedBasic.Compile(true, Basic(model))), model.ClassName);
    }

    [TestMethod]
    [DataRow("F#", "_", "A", "QB8001")]
    [DataRow("VB", "_", "A", "QB8001")]
    [DataRow("F#", "X", "A._", "QB8001")]
    [DataRow("VB", "a b", "A", "QB8001")]
    [DataRow("F#", "a`b", "A", "QB8001")]
    [DataRow("VB", "RUN", "A", "QB8003")]
    [DataRow("VB", "system", "", "QB8003")]
    [DataRow("F#", "Run", "A", "QB8003")]
    public void BothLanguages_ImpossibleNameOfTheClass_IsAnError(string language, string className, string space, string code)
    {
        LoaderModel model = Signatures.Model(Signatures.ImageClassifier, Signatures.Settings(className, space));

        QuantBuildException error = Assert.ThrowsExactly<QuantBuildException>(() => LoaderGenerator.For(language)!.Generate(model));

        Assert.AreEqual(code, error.Diagnostic.Code);
    }

    [TestMethod]
    public void VisualBasic_NamesThatDifferInCase_AreToldApart()
    {
        ModelSignature signature = new(
            [Signatures.Tensor("image", "n", 2), Signatures.Tensor("Image", "N", 2), Signatures.Tensor("infer_dimension", "RUN", 2)],
            [Signatures.Tensor("y", 3), Signatures.Tensor("Y", 3)]);

        string[] sources = Basic(Signatures.Model(signature));

        Assert.AreEqual("", GeneratedCode.Problems(GeneratedBasic.Compile(true, sources)), sources[0]);
    }

    private static string[] Basic(LoaderModel model) =>
        [VisualBasicGenerator.Generate(model), VisualBasicGenerator.GenerateMetadata(model, ModelMeasurements.None)];

    private static string[] FSharp(LoaderModel model) =>
        [FSharpGenerator.GenerateMetadata(model, ModelMeasurements.None), FSharpGenerator.Generate(model)];

    private static IEnumerable<QuantizationSettings> Variants() =>
    [
        Signatures.Settings(),
        Signatures.Settings() with { Compression = ModelCompression.Brotli },
        Signatures.Settings(space: "") with { Embed = false, Visibility = ClassVisibility.Public },
    ];

    private static string CompileFSharp(bool hasRuntime, params string[] sources)
    {
        using TemporaryFolder folder = new();
        return GeneratedFSharp.Compile(hasRuntime, folder.File("Generated.dll"), sources);
    }
}
