using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>Whatever a model file says and is called, the source has the syntax that a harmless file of the same structure gives.</summary>
[TestClass]
public sealed class HostileModelFileTests
{
    private const int Models = 500;

    /// <summary>Compilers of these languages are slower.</summary>
    private const int ModelsOfOtherLanguages = 80;

    /// <summary>The compiler of F# takes many seconds for each.</summary>
    private const int CompiledModelsOfFSharp = 2;

    [TestMethod]
    public void CSharp_HostileFiles_HaveTheSyntaxOfHarmlessOnesAndCompile()
    {
        string[] sources = Sources("C#", Models, SyntaxShape.OfCSharp);

        sources = [.. sources.Select(source => source.Replace("#pragma warning disable\n", "", StringComparison.Ordinal))];
        foreach (LanguageVersion language in new[] { LanguageVersion.CSharp7_3, LanguageVersion.Preview })
            Assert.AreEqual("", GeneratedCode.Problems(new Consumer("net10.0", language, NullableContextOptions.Disable).Compile(sources)));
    }

    [TestMethod]
    public void VisualBasic_HostileFiles_HaveTheStatementsOfHarmlessOnesAndCompile()
    {
        string[] sources = Sources("VB", ModelsOfOtherLanguages, SyntaxShape.OfBasic);

        Assert.AreEqual("", GeneratedCode.Problems(GeneratedBasic.Compile(true, sources)));
    }

    [TestMethod]
    public void FSharp_HostileFiles_HaveTheTokensOfHarmlessOnesAndCompile()
    {
        string[] sources = Sources("F#", ModelsOfOtherLanguages, SyntaxShape.OfFSharp);

        using TemporaryFolder folder = new();
        Assert.AreEqual("", GeneratedFSharp.Compile(true, folder.File("Generated.dll"), sources[..(2 * CompiledModelsOfFSharp)]));
    }

    /// <returns>What the hostile files give, two sources each.</returns>
    private static string[] Sources(string language, int count, Func<string, string> shapeOf)
    {
        List<string> sources = [];
        for (int seed = 0; seed < count; seed++)
        {
            if (new HostileModelFile(seed, isHostile: true).Generate(language) is not { Length: 2 } hostile)
                continue;
            string[] harmless = new HostileModelFile(seed, isHostile: false).Generate(language)!;
            (string Expected, string Actual) difference = FirstDifference(Shape(harmless), Shape(hostile));
            Assert.AreEqual(difference.Expected, difference.Actual, $"Seed {seed}.\n{hostile[1]}");
            sources.AddRange(hostile);
        }
        Assert.IsGreaterThan(count * 9 / 10, sources.Count / 2, "Only few file names are those of members.");
        return [.. sources];

        string Shape(string[] parts) => string.Join("\n", parts.Select(shapeOf));
    }

    private static (string Expected, string Actual) FirstDifference(string expected, string actual)
    {
        int start = expected.AsSpan().CommonPrefixLength(actual);
        return (Part(expected, start), Part(actual, start));
    }

    private static string Part(string text, int start) => text[start..Math.Min(text.Length, start + 100)];
}
