using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks;

/// <summary>Reports a problem that the targets find by themselves, with its page, which MSBuild's own tasks cannot name.</summary>
[MSBuildMultiThreadableTask]
public sealed class LogProblem : Task
{
    [Required]
    public string Code { get; set; } = "";

    /// <summary><c>error</c> or <c>warning</c>.</summary>
    [Required]
    public string Severity { get; set; } = "";

    [Required]
    public string ProjectFile { get; set; } = "";

    [Required]
    public string Text { get; set; } = "";

    public override bool Execute()
    {
        Log.Write(new ResultDiagnostic { Severity = Severity, Code = Code, Message = Text }, new SourcePosition(ProjectFile, 0, 0));
        return !Log.HasLoggedErrors;
    }
}
