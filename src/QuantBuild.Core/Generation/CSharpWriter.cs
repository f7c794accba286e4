using System.Text;

namespace QuantBuild.Generation;

/// <summary>Collects lines of C# with their indentation; lines end with <c>\n</c> on every system.</summary>
internal sealed class CSharpWriter
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
        Write("{");
        depth++;
        return new OpenBlock(this);
    }

    public override string ToString() => text.ToString();

    private sealed class OpenBlock(CSharpWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.Write("}");
        }
    }
}
