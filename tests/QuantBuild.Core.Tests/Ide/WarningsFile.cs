using System.Globalization;
using System.Text;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Ide;

/// <summary>The targets that make <c>TreatWarningsAsErrors</c> hold for QuantBuild's warnings.</summary>
internal static class WarningsFile
{
    /// <summary>Errors that <c>Gate=Warning</c> turns into warnings.</summary>
    private static readonly DiagnosticDescriptor[] OfTheGate = [DiagnosticCatalogue.AccuracyDropExceeded, DiagnosticCatalogue.AccuracyBelowMinimum];

    public static string Write()
    {
        StringBuilder lines = new();
        IEnumerable<DiagnosticDescriptor> warnings = DiagnosticCatalogue.All
            .Where(descriptor => descriptor.Severity == DiagnosticSeverity.Warning || OfTheGate.Contains(descriptor));
        foreach (string code in warnings.Select(descriptor => descriptor.Code))
            lines.Append(
                CultureInfo.InvariantCulture,
                $"    <MSBuildWarningsAsErrors Condition=\"!$(_QuantBuildWarningsNotAsErrors.Contains('{code}'))\">$(MSBuildWarningsAsErrors);{code}</MSBuildWarningsAsErrors>\n");
        return $"""
            <Project>
              <!-- MSBuild keeps TreatWarningsAsErrors to the compiler; people mean all warnings of a build. Made from the catalogue of messages. -->
              <PropertyGroup Condition="'$(TreatWarningsAsErrors)' == 'true'">
                <_QuantBuildWarningsNotAsErrors>;$(WarningsNotAsErrors);$(MSBuildWarningsNotAsErrors)</_QuantBuildWarningsNotAsErrors>
            {lines.ToString().TrimEnd()}
              </PropertyGroup>
            </Project>

            """.ReplaceLineEndings("\n");
    }
}
