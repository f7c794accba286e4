using System.Text;

namespace QuantBuild.Generation;

/// <summary>Collects lines of source with their indentation; lines end with <c>\n</c> on every system.</summary>
internal sealed class SourceWriter
{
    private const string Indentation = "    ";

    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>Writes lines at the current depth; an empty string writes an empty line.</summary>
    public void Write(string lines)
    {
        foreach (ReadOnlySpan<char> line in lines.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
            {
                for (int level = 0; level < depth; level++)
                    text.Append(Indentation);
                text.Append(line);
            }
            text.Append('\n');
        }
    }

    /// <summary>Writes a member and the empty line before it.</summary>
    public void WriteMember(string lines)
    {
        Write("");
        Write(lines);
    }

    /// <summary>Writes <paramref name="header"/> and an opening brace; disposing the result writes the closing one.</summary>
    public IDisposable Block(string header)
    {
        Write(header);
        return Indented("{", "}");
    }

    /// <summary>Writes <paramref name="header"/>; disposing the result writes <paramref name="end"/>.</summary>
    /// <param name="end">Null where the indentation is all that ends it.</param>
    public IDisposable Indented(string header, string? end = null)
    {
        Write(header);
        depth++;
        return new OpenBlock(this, end);
    }

    public override string ToString() => text.ToString();

    private sealed class OpenBlock(SourceWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            if (end is not null)
                writer.Write(end);
        }
    }
}
