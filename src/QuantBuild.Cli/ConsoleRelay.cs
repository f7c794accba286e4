using System.Text;

namespace QuantBuild.Cli;

/// <summary>Stands for the console while code of the user runs: what it writes goes line by line to the log, and not between the lines of the protocol.</summary>
internal sealed class ConsoleRelay(Action<string> log) : TextWriter
{
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>From now on this is the standard output of the whole process, and nothing can be read from the console.</summary>
    public static void Install(Action<string> log)
    {
        Console.SetIn(TextReader.Null);
        Console.SetOut(new ConsoleRelay(log));
    }

    public override void Write(char value)
    {
        lock (line)
        {
            if (value == '\n')
                End();
            else if (value != '\r')
                line.Append(value);
        }
    }

    public override void Flush()
    {
        lock (line)
            if (line.Length > 0)
                End();
    }

    private void End()
    {
        log(line.ToString());
        line.Clear();
    }
}
