using System.Text;

namespace QuantBuild.Data;

/// <summary>Lines of a file as bytes, without decoding them. Holds one line, and refuses one that is absurdly long.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    public const int LongestLine = 64 << 20;

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool isAtEnd;

    /// <summary>Number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line read last, without its end; valid until the next is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public bool TryRead()
    {
        int searched = start;
        while (true)
        {
            int newLine = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newLine >= 0)
                return Take(searched + newLine, next: searched + newLine + 1);
            if (isAtEnd)
                return start < end && Take(end, next: end);
            searched = end;
            Fill(ref searched);
        }
    }

    public void Dispose() => stream.Dispose();

    private bool Take(int lineEnd, int next)
    {
        ReadOnlyMemory<byte> line = buffer.AsMemory(start, lineEnd - start);
        start = next;
        if (Number++ == 0 && line.Span.StartsWith(Encoding.UTF8.Preamble))
            line = line[Encoding.UTF8.Preamble.Length..];
        Line = line.Span is [.., (byte)'\r'] ? line[..^1] : line;
        return true;
    }

    private void Fill(ref int searched)
    {
        if (end == buffer.Length)
        {
            if (end - start > LongestLine)
                throw new InvalidDataException($"line {Number + 1} has more than {LongestLine} bytes");
            byte[] target = end - start > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
            Buffer.BlockCopy(buffer, start, target, 0, end - start);
            (buffer, searched, end, start) = (target, searched - start, end - start, 0);
        }
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        isAtEnd = read == 0;
    }
}
