using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Which parameters <c>Run</c> has, and which properties the outputs.</summary>
[TestClass]
public sealed class RunSignatureTests
{
    private static readonly SymbolDisplayFormat format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    [TestMethod]
    public void Run_OneUnknownDimension_IsInferred() =>
        AssertRun("ReadOnlySpan<float> image", Signatures.ImageClassifier);

    [TestMethod]
    public void Run_TwoUnknownDimensions_AreParameters() =>
        AssertRun("ReadOnlySpan<long> inputIds, ReadOnlySpan<long> attentionMask, long batch, long sequence", Signatures.Transformer);

    [TestMethod]
    public void Run_DimensionThatAnotherInputTells_IsInferred() => AssertRun(
        "ReadOnlySpan<float> tokens, ReadOnlySpan<float> lengths",
        Inputs(Signatures.Tensor("tokens", "batch", "sequence"), Signatures.Tensor("lengths", "batch")));

    [TestMethod]
    public void Run_SymbolTwiceInOneInput_IsAParameter() => AssertRun(
        "ReadOnlySpan<float> adjacency, long nodes", Inputs(Signatures.Tensor("adjacency", "nodes", "nodes")));

    [TestMethod]
    public void Run_AnonymousDimensions_AreParametersNamedAfterTheAxis() => AssertRun(
        "ReadOnlySpan<float> image, long imageDimension0, long imageDimension2",
        Inputs(Signatures.Tensor("image", null, 3, null)));

    [TestMethod]
    public void Run_UnknownDimensionBesideZero_IsAParameter() =>
        AssertRun("ReadOnlySpan<float> past, long batch", Inputs(Signatures.Tensor("past", "batch", 0)));

    [TestMethod]
    public void Run_UnknownRank_TakesTheShape() => AssertRun(
        "ReadOnlySpan<float> x, ReadOnlySpan<long> xShape", Inputs(new TensorSignature("x", OnnxElementType.Float, null)));

    [TestMethod]
    public void Run_NamesThatMeet_AreNumberedInputsFirst() => AssertRun(
        "ReadOnlySpan<float> aB, ReadOnlySpan<float> aB2, long aB3, long c",
        Inputs(Signatures.Tensor("a_b"), Signatures.Tensor("a.b", "a-b", "c")));

    [TestMethod]
    public void Run_Keyword_IsTheNameOfTheParameter() => AssertRun("ReadOnlySpan<float> class", Inputs(Signatures.Tensor("class", 3)));

    [TestMethod]
    public void Run_NamesWithoutLetters_AreNumberedByPosition() => AssertRun(
        "ReadOnlySpan<float> input1, ReadOnlySpan<float> input2", Inputs(Signatures.Tensor("画像", 3), Signatures.Tensor("", 3)));

    [TestMethod]
    public void Output_Properties_AreNamedAfterTheOutputs()
    {
        INamedTypeSymbol output = TypeOf("FashionOutput", new ModelSignature([],
        [
            Signatures.Tensor("a", 1), Signatures.Tensor("a_shape", 1), Signatures.Tensor("get-type", 1), Signatures.Tensor("495", 1),
            new TensorSignature("labels", OnnxElementType.String, null),
        ]));
        CollectionAssert.AreEqual(
            new[]
            {
                "ReadOnlySpan<float> A", "ReadOnlySpan<long> AShape2", "ReadOnlySpan<float> AShape", "ReadOnlySpan<long> AShapeShape",
                "ReadOnlySpan<float> GetType2", "ReadOnlySpan<long> GetType2Shape", "ReadOnlySpan<float> Output495",
                "ReadOnlySpan<long> Output495Shape", "ReadOnlySpan<string> Labels", "ReadOnlySpan<long> LabelsShape",
            },
            output.GetMembers().OfType<IPropertySymbol>().Select(property => property.ToDisplayString(format)).ToArray());
        Assert.AreEqual(0, output.Interfaces.Length);
    }

    [TestMethod]
    public void Output_NotATensor_MakesTheOutputsDisposable()
    {
        ModelSignature signature = new([], [new TensorSignature("boxes", OnnxElementType.Undefined, null)]);
        INamedTypeSymbol output = TypeOf("FashionOutput", signature);
        Assert.AreEqual("OrtValue Boxes", output.GetMembers().OfType<IPropertySymbol>().Single().ToDisplayString(format));
        Assert.AreEqual("IDisposable", output.Interfaces.Single().Name);
    }

    private static ModelSignature Inputs(params TensorSignature[] inputs) => new(inputs, [Signatures.Tensor("y", 1)]);

    private static void AssertRun(string parameters, ModelSignature signature)
    {
        INamedTypeSymbol type = TypeOf("Fashion", signature);
        IMethodSymbol run = type.GetMembers("Run").OfType<IMethodSymbol>().First();
        Assert.AreEqual($"FashionOutput Run({parameters}, CancellationToken cancellationToken)", run.ToDisplayString(format));

        IMethodSymbol overload = type.GetMembers("Run").OfType<IMethodSymbol>().Last();
        Assert.AreEqual("FashionOutput Run(FashionInput input, CancellationToken cancellationToken)", overload.ToDisplayString(format));
        IMethodSymbol constructor = TypeOf("FashionInput", signature).InstanceConstructors.Single(method => !method.IsImplicitlyDeclared);
        Assert.AreEqual($"FashionInput({parameters})", constructor.ToDisplayString(format));
    }

    private static INamedTypeSymbol TypeOf(string name, ModelSignature signature)
    {
        CSharpCompilation compilation = GeneratedCode.Compile(
            LanguageVersion.Latest, NullableContextOptions.Disable, Signatures.Generate(signature));
        Assert.AreEqual("", GeneratedCode.Problems(compilation));
        return compilation.GetTypeByMetadataName("FashionClassifier." + name)!;
    }
}
