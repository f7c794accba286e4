using QuantBuild.Tasks.Workers;

namespace QuantBuild.Tasks.Tests;

/// <summary>Stands for the worker process: does what a test says when it is run.</summary>
internal sealed class ScriptedWorker(Func<ScriptedWorker, int> script) : IWorkerProcess
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Action<string> show = _ => { };

    public WorkerCommand? Command { get; private set; }

    public int Starts { get; private set; }

    public string ErrorTail { get; set; } = "";

    public ManualResetEventSlim InputClosed { get; } = new();

    public ManualResetEventSlim Killed { get; } = new();

    public string RequestFile => Command!.Arguments[3];

    public string ResultFile => Command!.Arguments[4];

    public IWorkerProcess Start(WorkerCommand command)
    {
        Command = command;
        Starts++;
        return this;
    }

    public int Run(Action<string> onOutputLine)
    {
        show = onOutputLine;
        return script(this);
    }

    public void Print(string line) => show(line);

    public void CloseInput() => InputClosed.Set();

    public void Kill() => Killed.Set();

    public void Dispose()
    {
    }
}
