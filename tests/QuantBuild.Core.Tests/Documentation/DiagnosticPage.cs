using System.Globalization;
using System.Text;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>The page of one code, made from its descriptor and its guide.</summary>
internal static class DiagnosticPage
{
    public static string Write(DiagnosticDescriptor descriptor, DiagnosticGuide guide)
    {
        string kind = descriptor.Severity.ToString().ToLowerInvariant();
        string label = descriptor.Severity == DiagnosticSeverity.Message ? "" : $"{kind} {descriptor.Code}: ";
        string message = string.Format(CultureInfo.InvariantCulture, descriptor.MessageFormat, guide.Example);
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            # {descriptor.Code}: {descriptor.Title}

            {descriptor.Severity}. {DiagnosticsPage.StageOf(descriptor)}.

            ```
            {label}{message}
            ```

            ## Cause

            {descriptor.Cause}

            {Paragraph(guide.Background)}## Fix

            {descriptor.Fix}

            {Paragraph(guide.Steps)}
            """);
        if (guide.Settings.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"## Related settings\n\n{string.Join(", ", guide.Settings.Select(Link))}\n\n");
        page.Append("[All messages](diagnostics.md) · [All settings](settings.md)\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Paragraph(string text) => text.Length == 0 ? "" : text + "\n\n";

    private static string Link(string name)
    {
        SettingDescriptor setting = SettingCatalogue.All.Single(setting => setting.PublicName == name && setting.IsAvailable);
        return $"[{setting.PublicName}](settings.md#{SettingsPage.AnchorOf(setting)})";
    }
}
