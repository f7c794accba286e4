using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.VisualBasic;
using Microsoft.CodeAnalysis.VisualBasic.Syntax;
using QuantBuild.Generation;
using QuantBuild.Generation.FSharp;
using QuantBuild.Generation.VisualBasic;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Nothing in a model may change what F# and Visual Basic are made of, whatever its names are.</summary>
[TestClass]
public sealed class HostileOtherLanguagesTests
{
    /// <summary>Those of the test of C#, the longest cut: they take a compiler of Visual Basic seconds.</summary>
    private static IEnumerable<string> Names =>
        HostileModelTests.Names.Select(row => (string)row[0]).Select(name => name.Length > 3000 ? name[..3000] : name);

    [TestMethod]
    public void FSharp_HostileNames_HaveTheTokensOfAHarmlessOne()
    {
        (int Kind, int Line)[] harmless = [.. GeneratedFSharp.Tokens(FSharpGenerator.Generate(Model("alpha")))];
        Assert.IsGreaterThan(500, harmless.Length);
        foreach (string name in Names)
            CollectionAssert.AreEqual(harmless, GeneratedFSharp.Tokens(FSharpGenerator.Generate(Model(name))).ToArray(), Start(name));
    }

    /// <summary>A text may be a chain of literals and numbers of characters; the declarations and statements are the same.</summary>
    [TestMethod]
    public void VisualBasic_HostileNames_AreConstantsInTheStatementsOfAHarmlessOne()
    {
        SyntaxKind[] harmless = Statements(GeneratedBasic.Compile(true, Basic("alpha")));
        Assert.IsGreaterThan(50, harmless.Length);
        foreach (string name in Names)
        {
            VisualBasicCompilation hostile = GeneratedBasic.Compile(true, Basic(name));

            CollectionAssert.AreEqual(harmless, Statements(hostile), Start(name));
            Assert.AreEqual("", GeneratedCode.Problems(hostile), Start(name));
            INamedTypeSymbol metadata = hostile.GetTypeByMetadataName("FashionClassifier.Fashion+Metadata")!;
            Assert.IsTrue(metadata.GetMembers().OfType<IFieldSymbol>().Any(field => (field.ConstantValue as string) == name), Start(name));
        }
    }

    private static string Start(string name) => name.Length < 100 ? name : name[..100];

    private static string[] Basic(string name) =>
        [VisualBasicGenerator.Generate(Model(name)), VisualBasicGenerator.GenerateMetadata(Model(name), ModelMeasurements.None)];

    private static LoaderModel Model(string name) => Signatures.Model(
        new ModelSignature(
            [
                Signatures.Tensor(name, name + "0", 3),
                Signatures.Tensor(OnnxElementType.String, "beta", name + "1", name + "2"),
                new TensorSignature(name + "?", OnnxElementType.Undefined, null),
            ],
            [Signatures.Tensor(name, name + "0"), new TensorSignature(name + "-", OnnxElementType.Undefined, null)]),
        Signatures.Settings() with { Name = name });

    private static SyntaxKind[] Statements(VisualBasicCompilation compilation) =>
        [.. compilation.SyntaxTrees[0].GetRoot().DescendantNodes().OfType<StatementSyntax>().Select(statement => statement.Kind())];
}
