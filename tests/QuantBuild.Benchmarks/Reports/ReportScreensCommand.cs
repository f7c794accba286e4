using System.Diagnostics;
using System.Globalization;
using System.Text;
using QuantBuild.Reporting;
using QuantBuild.Reporting.Html;

namespace QuantBuild.Benchmarks.Reports;

/// <summary>Pictures of the page of a report as browsers show it, at the widths of a phone, a laptop and a large screen, in light and in dark, for people to look at.
/// Fails when a page is wider than its window.</summary>
internal static class ReportScreensCommand
{
    private const int Height = 4000;

    private const int LimitMilliseconds = 120_000;

    private static readonly int[] Widths = [390, 1280, 1920];

    private static readonly (string Name, int Setting)[] Schemes = [("dark", 0), ("light", 1)];

    /// <param name="arguments">A folder for pictures, then report files (<c>NAME.report.json</c>).</param>
    public static int Run(string[] arguments)
    {
        if (arguments.Length < 2 || Browser() is not { } browser)
        {
            Console.Error.WriteLine("report-screens FOLDER NAME.report.json… needs a folder, reports, and chromium or google-chrome in the PATH.");
            return 1;
        }
        string folder = Path.GetFullPath(arguments[0]);
        Directory.CreateDirectory(folder);
        bool allFit = true;
        foreach (string file in arguments[1..])
        {
            string name = Path.GetFileName(file).Replace(".report.json", "", StringComparison.Ordinal);
            string page = Path.Combine(folder, name + ".html");
            File.WriteAllText(page, HtmlPage.Of(ReportJson.Read(File.ReadAllBytes(file))));
            foreach (int width in Widths)
            {
                foreach ((string scheme, int setting) in Schemes)
                {
                    string picture = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{width}-{scheme}.png"));
                    Start(browser, width, page, $"--blink-settings=preferredColorScheme={setting}", $"--screenshot={picture}");
                    Console.WriteLine(picture);
                }
                allFit &= Fits(browser, page, width);
            }
        }
        return allFit ? 0 : 1;
    }

    /// <summary>A copy of the page without its policy says how wide it became.</summary>
    private static bool Fits(string browser, string page, int width)
    {
        string text = File.ReadAllText(page);
        int policy = text.IndexOf("<meta http-equiv", StringComparison.Ordinal);
        string open = text.Remove(policy, text.IndexOf('>', policy) + 1 - policy);
        string measuring = open.Replace(
            "</body>", "<script>document.title = 'width ' + document.documentElement.scrollWidth + ' of ' + innerWidth</script></body>", StringComparison.Ordinal);
        string copy = page + ".measured.html";
        File.WriteAllText(copy, measuring);
        string shown = Start(browser, width, copy, "--dump-dom");
        File.Delete(copy);
        int start = shown.IndexOf("<title>width ", StringComparison.Ordinal);
        string[] sizes = start < 0 ? [] : shown[(start + "<title>width ".Length)..shown.IndexOf("</title>", start, StringComparison.Ordinal)].Split(" of ");
        bool fits = sizes.Length == 2
            && int.Parse(sizes[0], CultureInfo.InvariantCulture) <= int.Parse(sizes[1], CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(page)} at {width}: {(fits ? "fits" : "does NOT fit")} ({string.Join(" of ", sizes)})"));
        return fits;
    }

    private static string Start(string browser, int width, string page, params string[] arguments)
    {
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (string argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", $"--window-size={width},{Height}", .. arguments, new Uri(page).AbsoluteUri])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{browser} did not end.");
        }
        return output.Result;
    }

    private static string? Browser() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
