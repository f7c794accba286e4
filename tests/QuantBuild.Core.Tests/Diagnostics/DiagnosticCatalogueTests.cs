using System.Text;
using System.Text.RegularExpressions;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Diagnostics;

[TestClass]
public sealed class DiagnosticCatalogueTests
{
    [TestMethod]
    public void All_Codes_AreUniqueAndOrdered()
    {
        string[] codes = [.. DiagnosticCatalogue.All.Select(descriptor => descriptor.Code)];

        CollectionAssert.AllItemsAreUnique(codes);
        CollectionAssert.AreEqual(codes.Order(StringComparer.Ordinal).ToArray(), codes);
        foreach (string code in codes)
            Assert.MatchesRegex("^QB[1-9][0-9]{3}$", code);
    }

    /// <summary>Every block of the files starts with the digit of its stage, <c>// 1: settings</c>, and counts up from 1.</summary>
    [TestMethod]
    public void File_Codes_StandInTheBlockOfTheirStageWithoutGaps()
    {
        string source = string.Concat(new[] { "", ".Data", ".Build" }
            .Select(part => File.ReadAllText(RepositoryFiles.PathOf($"src/QuantBuild.Core/Diagnostics/DiagnosticCatalogue{part}.cs"))));
        List<string> found = [];
        foreach (Match block in Regex.Matches(source, @"// (?<stage>\d): (?<codes>.*?)(?=// \d: |\z)", RegexOptions.Singleline))
        {
            string[] codes = [.. Regex.Matches(block.Groups["codes"].Value, @"new\(""(QB\d{4})""").Select(match => match.Groups[1].Value)];
            for (int index = 0; index < codes.Length; index++)
                Assert.AreEqual($"QB{block.Groups["stage"].Value}{index + 1:000}", codes[index]);
            found.AddRange(codes);
        }

        CollectionAssert.AreEqual(DiagnosticCatalogue.All.Select(descriptor => descriptor.Code).ToArray(), found);
    }

    [TestMethod]
    public void All_MessageFormats_NumberTheirArgumentsWithoutGaps()
    {
        foreach (DiagnosticDescriptor descriptor in DiagnosticCatalogue.All)
        {
            int count = CompositeFormat.Parse(descriptor.MessageFormat).MinimumArgumentCount;
            for (int argument = 0; argument < count; argument++)
                Assert.MatchesRegex($@"\{{{argument}(:[^}}]*)?\}}", descriptor.MessageFormat, descriptor.Code);
        }
    }

    [TestMethod]
    public void All_Texts_AreCompleteSentences()
    {
        foreach (DiagnosticDescriptor descriptor in DiagnosticCatalogue.All)
        {
            Assert.MatchesRegex(@"^[A-Z][^\n]*[^.]$", descriptor.Title, descriptor.Code);
            Assert.MatchesRegex(@"^[A-Z'][^\n]*\.$", descriptor.Cause, descriptor.Code);
            Assert.MatchesRegex(@"^[A-Z'][^\n]*\.$", descriptor.Fix, descriptor.Code);
        }
    }

    [TestMethod]
    public void At_Arguments_AreFormattedForNoCulture()
    {
        Diagnostic diagnostic = DiagnosticCatalogue.PreparedModelDiffers.At(new DiagnosticOrigin("a.onnx"), "a.onnx", "y", 0.125, 0.0625);

        Assert.Contains("differs by 0.125 ", diagnostic.Message);
        Assert.AreEqual($"error QB3003: {diagnostic.Message}", diagnostic.ToString());
    }
}
