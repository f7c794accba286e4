using System.Globalization;
using System.Text;
using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>The page that lists all codes, made from <see cref="DiagnosticCatalogue"/>.</summary>
internal static class DiagnosticsPage
{
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
        StringBuilder page = new("""
            # Messages

            Every message of QuantBuild has a code: `QB` and four digits, of which the first is the stage of the work. Each has a page with an example,
            the cause, and what to write to put it right; the error list of an IDE opens it from the code. All problems of the settings, the
            models and the headers of the data files are reported at once, before any work starts.

            An error fails the build. A warning does not, and obeys what every warning of .NET obeys:

            ```xml
            <PropertyGroup>
              <NoWarn>$(NoWarn);QB4006</NoWarn>                               <!-- not shown -->
              <WarningsAsErrors>$(WarningsAsErrors);QB7003</WarningsAsErrors>   <!-- fails the build -->
              <MSBuildWarningsAsMessages>QB5001</MSBuildWarningsAsMessages>     <!-- in the log only -->
              <TreatWarningsAsErrors>true</TreatWarningsAsErrors>               <!-- all of them fail the build -->
              <WarningsNotAsErrors>$(WarningsNotAsErrors);QB6001</WarningsNotAsErrors>
            </PropertyGroup>
            ```

            """);
        foreach ((char digit, string stage) in Stages)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {stage}\n\n| code | kind | |\n|---|---|---|\n");
            foreach (DiagnosticDescriptor descriptor in DiagnosticCatalogue.All.Where(descriptor => descriptor.Code[2] == digit))
            {
                string kind = descriptor.Severity.ToString().ToLowerInvariant();
                page.Append(CultureInfo.InvariantCulture, $"| [{descriptor.Code}]({descriptor.Code}.md) | {kind} | {descriptor.Title} |\n");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    public static string StageOf(DiagnosticDescriptor descriptor) => Array.Find(Stages, stage => stage.Digit == descriptor.Code[2]).Stage;
}
