using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Onnx;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>The names of the classes in generated C#: they compile everywhere, and come out as they were in the file.</summary>
[TestClass]
public sealed class LabelMembersTests
{
    private static readonly string[] awkwardNames =
    [
        .. HostileModelTests.Names.Select(row => string.Concat(((string)row[0]).Where(character => !char.IsControl(character))))
            .Where(name => name.Trim().Length > 0).Distinct(StringComparer.Ordinal),
    ];

    public static IEnumerable<object[]> Consumers => ConsumerTests.Consumers;

    [TestMethod]
    [DynamicData(nameof(Consumers))]
    public void Generate_WithLabels_CompilesWithoutWarnings(object consumer)
    {
        ModelSignature[] signatures =
        [
            new([Signatures.Tensor("x", "n", 2)], [Signatures.Tensor("Top", "n", 3), Signatures.Tensor("select", 3), Signatures.Tensor("scores", 3)]),
            new([], [Signatures.Tensor("classes", 3), new TensorSignature("sequence", OnnxElementType.Undefined, null)]),
        ];
        string[] sources =
        [
            .. signatures.SelectMany((signature, index) => new[] { ClassVisibility.Internal, ClassVisibility.Public }.Select(visibility =>
                Generate(signature, ["a", "b", "c"], $"Space{index}.{visibility}", visibility))),
        ];

        Assert.AreEqual("", GeneratedCode.Problems(((Consumer)consumer).Compile(sources)));
        Assert.AreEqual("", GeneratedCode.Problems(((Consumer)consumer with { HasRuntime = false, HasInjection = false }).Compile(sources)));
        sources = [.. sources.Select(source => source.Replace("#pragma warning disable\n", "", StringComparison.Ordinal))];
        Assert.AreEqual("", GeneratedCode.Problems(((Consumer)consumer with { Nullable = NullableContextOptions.Disable }).Compile(sources)));
    }

    [TestMethod]
    public void Labels_AwkwardNames_ComeOutUnchanged()
    {
        ModelSignature signature = new([], [Signatures.Tensor("y", "n", awkwardNames.Length)]);

        CollectionAssert.AreEqual(awkwardNames, Labels(signature, awkwardNames).ToArray());
    }

    [TestMethod]
    public void Generate_HostileLabels_HaveTheSyntaxOfHarmlessOnes()
    {
        ModelSignature signature = new([], [Signatures.Tensor("y", "n", 2)]);
        string harmless = SyntaxShape.OfCSharp(Generate(signature, ["alpha", "beta"]));

        foreach (string name in awkwardNames.Where(name => name.Length < 1000))
            Assert.AreEqual(harmless, SyntaxShape.OfCSharp(Generate(signature, [name, "beta"])), name);
    }

    /// <summary>Literals are long, so that neither compiler meets a method of 100,000 statements.</summary>
    [TestMethod]
    public void Labels_HundredThousandNames_AreFewLiterals()
    {
        string[] names = [.. Enumerable.Range(0, 100_000).Select(number => $"n{number:D8}, größere Klasse {number}")];
        ModelSignature signature = new([], [Signatures.Tensor("y", "n", names.Length)]);
        string source = Generate(signature, names);

        int literals = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Count(token => token.IsKind(SyntaxKind.StringLiteralToken));

        Assert.IsLessThan(1500, literals);
        CollectionAssert.AreEqual(names, Labels(signature, names).ToArray());
    }

    [TestMethod]
    public void Generate_OtherClassesOfTheModel_AreTakenNames()
    {
        Assert.AreEqual("FashionPrediction", GeneratedNames.Common(Signatures.Settings(), Signatures.Settings("FashionPrediction")));
        Assert.AreEqual("FashionServiceExtensions", GeneratedNames.Common(Signatures.Settings("FashionServiceExtensions"), Signatures.Settings()));
    }

    private static IReadOnlyList<string> Labels(ModelSignature signature, string[] names)
    {
        CSharpCompilation compilation =
            new Consumer("net10.0", LanguageVersion.CSharp7_3, NullableContextOptions.Disable) { HasRuntime = false }.Compile(Generate(signature, names));
        AssemblyLoadContext context = new(null, isCollectible: true);
        Assembly assembly = context.LoadFromStream(new MemoryStream(GeneratedCode.Emit(compilation)));
        return (IReadOnlyList<string>)assembly.GetType("App.Fashion")!.GetProperty("Labels")!.GetValue(null)!;
    }

    private static string Generate(
        ModelSignature signature, string[] names, string space = "App", ClassVisibility visibility = ClassVisibility.Public) =>
        Signatures.Generate(Signatures.Model(signature, Signatures.Settings(space: space) with { Visibility = visibility }) with
        {
            Classifier = Classifier.Of(signature, names, new DiagnosticOrigin("fashion.onnx")),
        });
}
