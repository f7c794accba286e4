using System.Text;
using System.Text.RegularExpressions;
using QuantBuild.Cli.Commands;

namespace QuantBuild.Cli.Rendering;

/// <summary>Pages of the documentation as text.</summary>
internal static partial class ExplainText
{
    private const int Width = 100;

    public static void WriteList(TextWriter writer, IReadOnlyList<CodeSummary> codes)
    {
        var table = new TextTable("code", "severity", "title");
        foreach (CodeSummary code in codes)
            table.Add(code.Code, code.Severity, code.Title);
        table.Write(writer, indent: "");
    }

    /// <summary>As the page is written, with its links as plain words and without its last line, which leads to other pages.</summary>
    public static void Write(TextWriter writer, CodeExplanation code)
    {
        foreach (string line in code.Page.TrimEnd().Split('\n').Where(line => !line.StartsWith("[All messages]", StringComparison.Ordinal)))
            writer.WriteLine(Link().Replace(line, "$1"));
    }

    public static void Write(TextWriter writer, SettingExplanation setting)
    {
        writer.WriteLine(setting.Name);
        writer.WriteLine();
        foreach (string line in Wrapped(setting.Meaning.Replace("`", "", StringComparison.Ordinal)))
            writer.WriteLine(line);
        writer.WriteLine();
        writer.WriteLine($"  property  {setting.Property}");
        if (setting.Option is not null)
            writer.WriteLine($"  option    {setting.Option}");
        writer.WriteLine($"  allowed   {setting.Allowed}");
        writer.WriteLine($"  default   {(setting.Default.Length > 0 ? setting.Default : setting.DefaultMeaning.Replace("`", "", StringComparison.Ordinal))}");
        if (!setting.IsAvailable)
            writer.WriteLine("  This version does not have it.");
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }
        yield return line.ToString();
    }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)\s]+\)")]
    private static partial Regex Link();
}
