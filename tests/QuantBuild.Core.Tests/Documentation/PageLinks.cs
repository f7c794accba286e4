using System.Text.RegularExpressions;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Links of a page of Markdown, and the headings that they can lead to.</summary>
internal static partial class PageLinks
{
    public static IEnumerable<(string Page, string Anchor)> In(string page) =>
        Link().Matches(page).Select(match => (match.Groups["page"].Value, match.Groups["anchor"].Value));

    /// <summary>As renderers name them: a heading that occurs again has a number behind it.</summary>
    public static IReadOnlyList<string> AnchorsOf(string page)
    {
        List<string> anchors = [];
        Dictionary<string, int> count = [];
        foreach (Match heading in Heading().Matches(page))
        {
            string anchor = NotPartOfAnchors().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-');
            int before = count.GetValueOrDefault(anchor);
            count[anchor] = before + 1;
            anchors.Add(before == 0 ? anchor : $"{anchor}-{before}");
        }

        return anchors;
    }

    [GeneratedRegex(@"\]\((?<page>[A-Za-z0-9]*(\.md)?)(#(?<anchor>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotPartOfAnchors();
}
