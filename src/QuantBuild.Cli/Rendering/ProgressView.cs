using Spectre.Console;

namespace QuantBuild.Cli.Rendering;

/// <summary>Shows how far the work is while it goes on.</summary>
internal abstract class ProgressView
{
    public static ProgressView For(ToolConsole console) => console.IsErrorTerminal ? new TerminalProgress(console) : new PlainProgress(console);

    public abstract T Watch<T>(Func<IProgress<StageProgress>, T> work);
}

/// <summary>One line when a stage begins, without escape codes: for logs and pipes.</summary>
internal sealed class PlainProgress(ToolConsole console) : ProgressView, IProgress<StageProgress>
{
    private readonly Lock gate = new();
    private (string Model, string Stage) last;

    public override T Watch<T>(Func<IProgress<StageProgress>, T> work) => work(this);

    public void Report(StageProgress value)
    {
        lock (gate)
        {
            if (last == (value.Model, value.Stage))
                return;
            last = (value.Model, value.Stage);
            console.Error.WriteLine($"{value.Model}: {value.Stage}");
        }
    }
}

/// <summary>A bar for the stage at work, with the time that it will still take; it is gone when the work ends.</summary>
internal sealed class TerminalProgress(ToolConsole console) : ProgressView
{
    public override T Watch<T>(Func<IProgress<StageProgress>, T> work)
    {
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(console.Error),
            Ansi = AnsiSupport.Yes,
            ColorSystem = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
        });
        return terminal.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Stages(context)));
    }

    /// <summary>A task for every stage: the time left of one says nothing about the next.</summary>
    private sealed class Stages(ProgressContext context) : IProgress<StageProgress>
    {
        private readonly Lock gate = new();
        private (string Model, string Stage) last;
        private ProgressTask? task;

        public void Report(StageProgress value)
        {
            lock (gate)
            {
                if (last != (value.Model, value.Stage))
                {
                    if (task is not null)
                        task.Value = 1;
                    task = context.AddTask(Markup.Escape($"{value.Model}: {value.Stage}"), maxValue: 1);
                    last = (value.Model, value.Stage);
                }
                task!.Value = value.Fraction;
                if (value.Detail is { } detail)
                    task.Description = Markup.Escape($"{value.Model}: {value.Stage}, {detail}");
            }
        }
    }
}
