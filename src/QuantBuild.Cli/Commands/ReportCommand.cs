using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using QuantBuild.Cli.CommandLine;
using QuantBuild.Diagnostics;
using QuantBuild.Reporting.Html;

namespace QuantBuild.Cli.Commands;

/// <param name="Page">Absolute path.</param>
internal sealed record ReportResult(string Report, string Page);

/// <summary>Makes a page for people of a report.</summary>
internal sealed class ReportCommand : ToolCommand
{
    private readonly Argument<string> report = new("REPORT") { Description = "NAME.report.json of a build or of 'quantbuild quantize'." };
    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "The page; NAME.report.html beside the report when it is left out.", HelpName = "page.html",
    };

    private readonly Option<bool> open = new("--open") { Description = "Show the page in the browser." };

    public ReportCommand(ToolContext tool)
        : base("report", "Make a page of a report: one HTML file that needs nothing beside it.", tool)
    {
        Arguments.Add(report);
        Options.Add(output);
        Options.Add(open);
    }

    protected override CommandOutcome Execute(ParseResult parse, DiagnosticBag problems)
    {
        string written = parse.GetValue(report)!;
        string path = Tool.PathOf(written);
        string page = Tool.PathOf(parse.GetValue(output) ?? Path.ChangeExtension(path, ".html"));
        if (page == path)
            throw new UsageException($"'{page}' is the report itself. Give another --output.");
        byte[] html = Encoding.UTF8.GetBytes(HtmlPage.Of(ReportFile.Read(path, written)));
        new OutputFolder(Path.GetDirectoryName(page)!).Write(Path.GetFileName(page), html);
        if (parse.GetValue(open))
            Show(page);
        return new CommandOutcome(new ReportResult(path, page), writer => writer.WriteLine(page));
    }

    /// <exception cref="ProblemException">There is no browser.</exception>
    private static void Show(string page)
    {
        try
        {
            Process.Start(new ProcessStartInfo(page) { UseShellExecute = true })?.Dispose();
        }
        catch (Win32Exception exception)
        {
            throw new ProblemException($"'{page}' is written, and no browser could be started: {exception.Message}");
        }
    }
}
