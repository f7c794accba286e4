using System.Text;

namespace QuantBuild.Generation.CSharp;

/// <summary>
/// Writes the names of the classes. They are few long literals, put apart when they are first asked for: with a statement per name,
/// the compilers of a large set would need longer than the model.
/// </summary>
internal static class LabelMembers
{
    /// <summary>Of one literal; some hundred names.</summary>
    private const int LongestLiteral = 4000;

    public static void Write(SourceWriter writer, Classifier classifier)
    {
        string count = CSharpLiteral.Of(classifier.Labels.Count);
        writer.WriteMember($$"""
            /// <summary>The names of the {{count}} classes, by number.</summary>
            public static global::System.Collections.Generic.IReadOnlyList<string> Labels { get { return LabelTable.Names; } }
            """);
        writer.Write("");
        using (writer.Block("private static class LabelTable"))
        {
            writer.Write($$"""
                internal static readonly global::System.Collections.ObjectModel.ReadOnlyCollection<string> Names =
                    global::System.Array.AsReadOnly(Read());
                """);
            writer.WriteMember($$"""
                private static string[] Read()
                {
                    string[] names = new string[{{count}}];
                    int next = 0;
                    foreach (string lines in Lines())
                    {
                        string[] part = lines.Split('\n');
                        part.CopyTo(names, next);
                        next += part.Length;
                    }
                    return names;
                }
                """);
            writer.Write("");
            using (writer.Block("private static string[] Lines()"))
            {
                using (writer.Indented("return new string[]\n{", "};"))
                {
                    foreach (string lines in Chunks(classifier.Labels))
                        writer.Write(CSharpLiteral.Of(lines) + ",");
                }
            }
        }
    }

    private static IEnumerable<string> Chunks(IReadOnlyList<string> labels)
    {
        StringBuilder lines = new();
        for (int label = 0; label < labels.Count; label++)
        {
            if (lines.Length > 0)
                lines.Append('\n');
            lines.Append(labels[label]);
            if (lines.Length >= LongestLiteral || label == labels.Count - 1)
            {
                yield return lines.ToString();
                lines.Clear();
            }
        }
    }
}
