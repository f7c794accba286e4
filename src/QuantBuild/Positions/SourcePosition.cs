namespace QuantBuild.Tasks.Positions;

/// <summary>A place in a project file. Line and column count from one; zero says that only the file is known.</summary>
internal readonly struct SourcePosition(string file, int line, int column)
{
    public string File { get; } = file;

    public int Line { get; } = line;

    public int Column { get; } = column;
}
