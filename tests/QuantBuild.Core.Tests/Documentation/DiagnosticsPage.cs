using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>The page of all codes, made from <see cref="DiagnosticCatalogue"/>.</summary>
internal static class DiagnosticsPage
{
    private const string Particulars = "…";

    private static readonly (char Digit, string Stage)[] Stages =
    [
        ('1', "Settings: what the project file says"),
        ('2', "Model: reading the ONNX file"),
        ('3', "Preparation: simplifying the model without changing what it computes"),
        ('4', "Data and calibration"),
        ('5', "Precision: which nodes become integer"),
        ('6', "Rewriting: making the quantized model"),
        ('7', "Accuracy"),
        ('8', "Generation of the class"),
        ('9', "Environment, and defects of QuantBuild itself"),
    ];

    public static string Write()
    {
        StringBuilder page = new();
        page.Append("""
            # Diagnostics

            Every message of QuantBuild has a code: `QB` and four digits, of which the first is the stage of the work. An error fails the build;
            a warning does not, unless the project has `TreatWarningsAsErrors`, and `NoWarn` silences it; a message only informs. All
            problems of the settings are reported at once, before any work starts.

            | stage | codes |
            |---|---|

            """);
        foreach ((char digit, string stage) in Stages)
        {
            IEnumerable<string> links = DiagnosticCatalogue.All
                .Where(descriptor => descriptor.Code[2] == digit)
                .Select(descriptor => $"[{descriptor.Code}](#{descriptor.Code.ToLowerInvariant()})");
            page.Append(CultureInfo.InvariantCulture, $"| {stage} | {string.Join(' ', links)} |\n");
        }

        foreach (DiagnosticDescriptor descriptor in DiagnosticCatalogue.All)
        {
            string message = WithoutParticulars(descriptor.MessageFormat);
            string quotation = message == Particulars ? "" : $"> {message}\n\n";
            page.Append(CultureInfo.InvariantCulture, $"""

                ## {descriptor.Code}

                **{descriptor.Title}** ({descriptor.Severity.ToString().ToLowerInvariant()})

                {quotation}Cause: {descriptor.Cause}

                Fix: {descriptor.Fix}

                """);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string WithoutParticulars(string messageFormat) => Regex.Replace(messageFormat, @"\{\d+[^}]*\}", Particulars);
}
