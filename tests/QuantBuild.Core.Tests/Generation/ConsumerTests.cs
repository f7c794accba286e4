using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>The classes of all models that the repository has compile in projects of all kinds, with every warning as an error.</summary>
[TestClass]
public sealed class ConsumerTests
{
    private const string User = """
        namespace User
        {
            /// <summary>Calls what is generated.</summary>
            internal static class Program
            {
                internal static float First()
                {
                    using (global::App.DigitsModel model = global::App.DigitsModel.Load())
                    {
                        global::App.DigitsModelOutput output = model.Run(new float[784]);
                        return output.Logits[0] + output.LogitsShape.Length;
                    }
                }
            }
        }
        """;

    private static readonly Lazy<string[]> sources = new(() => [.. Models().SelectMany(Sources), .. EverythingAtOnce()]);

    public static IEnumerable<object[]> Consumers =>
    [
        [new Consumer("netstandard2.0", LanguageVersion.CSharp7_3, NullableContextOptions.Disable)],
        [new Consumer("netstandard2.0", LanguageVersion.Latest, NullableContextOptions.Enable)],
        [new Consumer("net8.0", LanguageVersion.CSharp12, NullableContextOptions.Disable)],
        [new Consumer("net8.0", LanguageVersion.CSharp12, NullableContextOptions.Enable)],
        [new Consumer("net10.0", LanguageVersion.Latest, NullableContextOptions.Disable)],
        [new Consumer("net10.0", LanguageVersion.Latest, NullableContextOptions.Enable)],
        [new Consumer("net10.0", LanguageVersion.Preview, NullableContextOptions.Warnings)],
    ];

    /// <summary>One per framework.</summary>
    public static IEnumerable<object[]> Frameworks => Consumers.DistinctBy(consumer => ((Consumer)consumer[0]).Framework);

    [TestMethod]
    [DynamicData(nameof(Consumers))]
    public void Generate_EveryModel_CompilesWithoutWarnings(object consumer)
    {
        CSharpCompilation compilation = ((Consumer)consumer).Compile([.. sources.Value, User]);

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        Assert.IsNotNull(compilation.GetTypeByMetadataName("App.DigitsModelServiceExtensions"));
        Assert.HasCount(2, compilation.GetTypeByMetadataName("App.EverythingServiceExtensions")!.GetMembers("AddEverything"));
        Assert.HasCount(3, compilation.GetTypeByMetadataName("App.EverythingAdaptive")!.GetMembers("Run"));
    }

    [TestMethod]
    [DynamicData(nameof(Frameworks))]
    public void Generate_NeitherRuntimeNorServices_CompilesWithoutWarnings(object consumer)
    {
        CSharpCompilation compilation = ((Consumer)consumer with { HasRuntime = false, HasInjection = false }).Compile(sources.Value);

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        Assert.IsNotNull(compilation.GetTypeByMetadataName("App.DigitsModel"));
        Assert.IsNull(compilation.GetTypeByMetadataName("App.DigitsModelOutput"));
    }

    [TestMethod]
    [DynamicData(nameof(Frameworks))]
    public void Generate_RuntimeWithoutServices_HasNoExtension(object consumer)
    {
        CSharpCompilation compilation = ((Consumer)consumer with { HasInjection = false }).Compile(sources.Value);

        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        Assert.IsNull(compilation.GetTypeByMetadataName("App.DigitsModelServiceExtensions"));
    }

    [TestMethod]
    [DynamicData(nameof(Frameworks))]
    public void Generate_CompressedModels_CompileWhereThereIsADecoder(object consumer)
    {
        QuantizationSettings settings = Signatures.Settings("Packed", "App") with { Compression = ModelCompression.Brotli };
        string[] packed = [Signatures.Generate(Signatures.Model(Signatures.ImageClassifier, settings)), .. EverythingAtOnce(settings)];

        string problems = GeneratedCode.Problems(((Consumer)consumer).Compile(packed));

        if (((Consumer)consumer).Framework == "netstandard2.0")
            StringAssert.Contains(problems, "BrotliStream", "QB8007 tells it before the compiler does.");
        else
            Assert.AreEqual("", problems);
    }

    /// <summary>As users see it who compile the sources of a package themselves, or whose tools disregard the directive.</summary>
    [TestMethod]
    public void Generate_WarningsNotDisabled_CompilesWithoutWarnings()
    {
        string[] bare = [.. sources.Value.Select(source => source.Replace("#pragma warning disable\n", "", StringComparison.Ordinal))];
        Assert.AreNotEqual(sources.Value[0], bare[0]);
        Consumer consumer = new("netstandard2.0", LanguageVersion.CSharp7_3, NullableContextOptions.Disable);

        Assert.AreEqual("", GeneratedCode.Problems(consumer.Compile(bare)));
    }

    private static IEnumerable<(string Name, ModelSignature Signature)> Models()
    {
        yield return ("DigitsModel", Read(TestModels.Digits()));
        yield return ("FashionModel", Read(File.ReadAllBytes(Path.Combine(RepositoryFolder.Find(), "samples/FashionClassifier/Models/fashion.onnx"))));
        foreach (GeneratedNet net in GeneratedNets.All)
            yield return (GeneratedNames.ClassNameOf(net.Name), Read(net.Model));
        yield return ("ImageClassifier", Signatures.ImageClassifier);
        yield return ("Transformer", Signatures.Transformer);
        yield return ("AllTypes", Signatures.AllTypes);
        yield return ("OddShapes", Signatures.OddShapes);
        yield return ("NoInputs", Signatures.NoInputs);
        foreach (OnnxElementType type in Enum.GetValues<OnnxElementType>())
            yield return ($"Only{type}", new ModelSignature([Signatures.Tensor(type, "x", "N", 3)], [Signatures.Tensor(type, "y", "N", 3)]));
    }

    /// <summary>Once for the program's own use, with the model embedded, and once for all, with the model beside the program.</summary>
    private static IEnumerable<string> Sources((string Name, ModelSignature Signature) model) =>
    [
        Signatures.Generate(Signatures.Model(model.Signature, Signatures.Settings(model.Name, "App"))),
        Signatures.Generate(Signatures.Model(
            model.Signature, Signatures.Settings(model.Name, "App.Public") with { Embed = false, Visibility = ClassVisibility.Public })),
    ];

    /// <summary>Several forms, pictures and names of classes together.</summary>
    private static IEnumerable<string> EverythingAtOnce(QuantizationSettings? settings = null)
    {
        string[] variants = ["Static", "WeightOnly8", "Float16"];
        ModelSignature signature = new([Signatures.Tensor("image", 1, 3, 224, 224)], [Signatures.Tensor("logits", 1, 2)]);
        LoaderModel model = Signatures.Model(signature, (settings ?? Signatures.Settings("", "App")) with { ClassName = "Everything", Family = "everything", Variant = variants[0] }) with
        {
            Variants = [.. variants.Select(variant => new LoaderVariant(variant, $"QuantBuild.everything.{variant}.onnx"))],
            Pixels = PixelPlans.Bytes(3) with { Resize = [256], Crop = [224, 224], Mean = [0.5f, 0.5f, 0.5f], IsChannelsLast = false },
            Classifier = Classifier.Of(signature, ["cat", "dog"], new DiagnosticOrigin("everything.onnx")),
        };
        return
        [
            CSharpGenerator.Generate(model),
            .. variants.Select(variant => CSharpGenerator.GenerateMetadata(
                model with { Settings = model.Settings with { Variant = variant } }, ModelMeasurements.None)),
        ];
    }

    private static ModelSignature Read(byte[] model) => OnnxModelReader.Parse(model, new DiagnosticOrigin("model.onnx")).Signature;
}
