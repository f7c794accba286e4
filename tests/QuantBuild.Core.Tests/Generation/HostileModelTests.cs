using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Generation.CSharp;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Nothing in a model may change what the generated source is made of: its syntax is that of a harmless model.</summary>
[TestClass]
public sealed class HostileModelTests
{
    public static IEnumerable<object[]> Names =>
    [
        .. new[]
        {
            "", " ", "_", "1x", "class", "a-b", "__arglist", "await", "image", "logits",
            "Fashion", "FashionOutput", "Session", "session", "Run", "Dispose", "Load", "OpenModel", "InputNames", "CheckLength",
            "Equals", "GetHashCode", "GetType", "ToString", "Finalize", "MemberwiseClone", "ReferenceEquals",
            "values", "options", "results", "_results", "length", "shape", "System", "global", "T", "nameof", "value", "field",
            "\U0001F600", "\u202Egnp.exe", "e\u0301\u0301\u0301", "画像", "İıſK", "\uD800", "\uDC00x", "\0", "\u200B", "\uFEFF", "\uFFFE",
            "\"; }", "\\", "\\u0022", "\" + global::System.Environment.Exit(1) + \"", "{0}", "{{", "\"\"\"",
            "*/", "-->", "</summary>", "<c>", "&amp;", "]]>", "<![CDATA[",
            "\r\n[global::System.Runtime.CompilerServices.ModuleInitializer]",
            "a\nb", "a\rb", "a\u0085b", "a\u2028b", "a\u2029b", "a\vb", "a\fb", "\n#error x",
            "\n#pragma warning restore", "// x", "/// x", "\n}", "\x1A",
            new string('a', 10_000), new string('\n', 10_000), new string('"', 10_000),
        }.Select(name => new object[] { name }),
    ];

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Generate_HostileName_HasTheSyntaxOfAHarmlessOne(string name)
    {
        SyntaxTree harmless = Parse(Generate("alpha", "beta"));
        SyntaxTree hostile = Parse(Generate(name, "beta"));
        CollectionAssert.AreEqual(Kinds(harmless), Kinds(hostile));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Generate_HostileName_Compiles(string name)
    {
        string source = Generate(name, name + "!").Replace("#pragma warning disable\n", "", StringComparison.Ordinal);
        CSharpCompilation compilation = GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, source);
        Assert.AreEqual("", GeneratedCode.Problems(compilation));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Generate_HostileName_ReachesTheRuntimeUnchanged(string name)
    {
        string[] literals =
        [
            .. Parse(Generate(name, "beta")).GetRoot().DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.StringLiteralToken))
                .Select(token => token.ValueText),
        ];
        Assert.IsTrue(literals.Count(literal => literal == name) >= 2, "as an input and as an output");
    }

    /// <summary>A model in which everything that can have a name has <paramref name="name"/>, and two things the same.</summary>
    private static string Generate(string name, string other)
    {
        ModelSignature signature = new(
            [
                Signatures.Tensor(name, name + "0", 3),
                Signatures.Tensor(OnnxElementType.String, other, name + "1", name + "2"),
                Signatures.Tensor(OnnxElementType.Int64, other + "-", null, null),
                new TensorSignature(name + "?", OnnxElementType.Undefined, null),
            ],
            [
                Signatures.Tensor(name, name + "0"),
                Signatures.Tensor(other, 3),
                new TensorSignature(name + "-", OnnxElementType.Undefined, null),
            ]);
        return Signatures.Generate(Signatures.Model(signature, Signatures.Settings() with { Name = name }));
    }

    private static SyntaxTree Parse(string source) =>
        CSharpSyntaxTree.ParseText(source, GeneratedCode.Options(LanguageVersion.Latest));

    /// <summary>The kinds of all nodes and tokens in order, in documentation comments too, where neighbouring texts count as one.</summary>
    private static SyntaxKind[] Kinds(SyntaxTree tree)
    {
        SyntaxKind[] kinds =
        [
            .. tree.GetRoot().DescendantNodesAndTokens(descendIntoTrivia: true)
                .Select(item => item.Kind())
                .Select(kind => kind == SyntaxKind.XmlEntityLiteralToken ? SyntaxKind.XmlTextLiteralToken : kind),
        ];
        return [.. kinds.Where((kind, index) => index == 0 || kind != SyntaxKind.XmlTextLiteralToken || kinds[index - 1] != kind)];
    }
}
