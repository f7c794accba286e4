using System.IO;
using System.Linq;

namespace QuantBuild.Tasks.Sarif;

/// <summary>The pages of codes, which lie in the package.</summary>
internal static class RulePages
{
    /// <summary>Within the package.</summary>
    public static string NameOf(string code) => "docs/" + code + ".md";

    /// <returns>The page's heading and all of its text; the code alone where there is no page.</returns>
    public static (string Title, string Page) Of(string code)
    {
        string path = HelpLinks.PathOf(code);
        if (!File.Exists(path))
            return (code, "");
        string page = File.ReadAllText(path).Replace("\r\n", "\n");
        string title = page.Split('\n').FirstOrDefault(line => line.StartsWith("# ", System.StringComparison.Ordinal)) ?? "";
        return (title.Length > 2 ? title.Substring(2).Trim() : code, page);
    }
}
