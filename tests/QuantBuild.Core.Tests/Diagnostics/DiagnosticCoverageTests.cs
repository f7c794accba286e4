using System.Reflection;
using System.Text.RegularExpressions;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Diagnostics;

/// <summary>Every code has a test: one that names the code or its descriptor.</summary>
[TestClass]
public sealed class DiagnosticCoverageTests
{
    /// <summary>Descriptors that no test names so far. The list may only get shorter.</summary>
    private static readonly string[] WithoutTest =
    [
        nameof(DiagnosticCatalogue.MissingArray),
        nameof(DiagnosticCatalogue.TypeMismatch),
        nameof(DiagnosticCatalogue.NotFinite),
        nameof(DiagnosticCatalogue.NoSamples),
        nameof(DiagnosticCatalogue.InvalidLabels),
        nameof(DiagnosticCatalogue.NotFused),
        nameof(DiagnosticCatalogue.RewrittenModelDoesNotRun),
        nameof(DiagnosticCatalogue.GateUndecided),
        nameof(DiagnosticCatalogue.RuntimeNotLoadable),
    ];

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

        CollectionAssert.AreEquivalent(
            WithoutTest,
            unnamed.ToArray(),
            $"Without a test: {string.Join(", ", unnamed.Except(WithoutTest))}; "
            + $"to be taken off the list, as a test names them: {string.Join(", ", WithoutTest.Except(unnamed))}.");
    }
}
