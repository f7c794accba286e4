using System.Reflection;
using System.Text.RegularExpressions;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Diagnostics;

/// <summary>Every code has a test: one that names the code or its descriptor.</summary>
[TestClass]
public sealed class DiagnosticCoverageTests
{
    /// <summary>Folders that name codes without making what they report happen.</summary>
    private static readonly string[] AboutTheCatalogue = ["Diagnostics", "Documentation"];

    [TestMethod]
    public void All_Descriptors_AreNamedByATest()
    {
        string[] sources =
        [
            .. RepositoryFiles.TestSources()
                .Where(source => !AboutTheCatalogue.Contains(Path.GetFileName(Path.GetDirectoryName(source.Path)), StringComparer.Ordinal))
                .Select(source => source.Text),
        ];
        IEnumerable<string> unnamed = typeof(DiagnosticCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.GetValue(null) is DiagnosticDescriptor descriptor
                && !sources.Any(source => Regex.IsMatch(source, $@"\b({descriptor.Code}|DiagnosticCatalogue\.{field.Name})\b")))
            .Select(field => field.Name);

        Assert.IsEmpty(unnamed, $"Without a test: {string.Join(", ", unnamed)}.");
    }
}
