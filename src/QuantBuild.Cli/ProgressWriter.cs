using System.Text;
using System.Text.Json;

namespace QuantBuild.Cli;

/// <summary>Writes progress as one line of JSON each, at most once per hundredth of a stage, at once and not later.</summary>
internal sealed class ProgressWriter(Stream output) : IProgress<StageProgress>, IDisposable
{
    private const string LogPrefix = "QuantBuild: ";

    private readonly Lock gate = new();
    private (string Model, string Stage, int Hundredths) last;

    public void Report(StageProgress value)
    {
        lock (gate)
        {
            (string Model, string Stage, int Hundredths) current = (value.Model, value.Stage, (int)(100 * value.Fraction));
            if (current == last)
                return;

            last = current;
            WriteLine(JsonSerializer.SerializeToUtf8Bytes(value, WorkerJson.Default.StageProgress));
        }
    }

    /// <summary>A line for the log, which is told from progress by not being JSON.</summary>
    public void Log(string line)
    {
        lock (gate)
            WriteLine(Encoding.UTF8.GetBytes(LogPrefix + line));
    }

    private void WriteLine(byte[] line)
    {
        try
        {
            output.Write([.. line, (byte)'\n']);
            output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads it any more; the result goes another way.
        }
    }

    public void Dispose() => output.Dispose();
}
