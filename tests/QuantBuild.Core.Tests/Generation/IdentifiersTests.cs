using QuantBuild.Generation;
using QuantBuild.Generation.CSharp;

namespace QuantBuild.Core.Tests.Generation;

[TestClass]
public sealed class IdentifiersTests
{
    [TestMethod]
    [DataRow("image", "Image", "image")]
    [DataRow("input_ids", "InputIds", "inputIds")]
    [DataRow("input.1", "Input1", "input1")]
    [DataRow("IMAGE", "IMAGE", "image")]
    [DataRow("X", "X", "x")]
    [DataRow("pixelValues", "PixelValues", "pixelValues")]
    [DataRow("/encoder/Add_output_0", "EncoderAddOutput0", "encoderAddOutput0")]
    [DataRow("495", "Noun495", "noun495")]
    [DataRow("1x", "Noun1x", "noun1x")]
    [DataRow("", "Noun", "noun")]
    [DataRow("__arglist", "Arglist", "arglist")]
    [DataRow("画像", "Noun", "noun")]
    [DataRow("class", "Class", "class")]
    public void Case_Name_IsOfWords(string name, string pascal, string camel)
    {
        Assert.AreEqual(pascal, Identifiers.PascalCase(name, "Noun"));
        Assert.AreEqual(camel, Identifiers.CamelCase(name, "Noun"));
    }

    [TestMethod]
    public void PascalCase_LongName_IsCut() => Assert.AreEqual(64, Identifiers.PascalCase(new string('x', 10_000), "Noun").Length);

    [TestMethod]
    [DataRow("class", "@class")]
    [DataRow("record", "@record")]
    [DataRow("image", "image")]
    public void Escape_Keyword_GetsItsSign(string identifier, string expected) => Assert.AreEqual(expected, CSharpIdentifiers.Escape(identifier));

    [TestMethod]
    public void Escape_EveryKeywordOfTheCompiler_IsEscaped()
    {
        string[] keywords =
        [
            .. Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetReservedKeywordKinds()
                .Select(Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetText),
        ];
        Assert.IsTrue(keywords.Length > 70);
        foreach (string keyword in keywords)
            Assert.AreEqual("@" + keyword, CSharpIdentifiers.Escape(keyword));
    }

    [TestMethod]
    public void Take_EqualNames_AreNumbered()
    {
        NameScope scope = new(StringComparer.Ordinal, "x2");
        Assert.AreEqual("x", scope.Take("x"));
        Assert.AreEqual("x3", scope.Take("x"));
        Assert.AreEqual("x4", scope.Take("x"));
        Assert.AreEqual("X", scope.Take("X"));
    }
}
