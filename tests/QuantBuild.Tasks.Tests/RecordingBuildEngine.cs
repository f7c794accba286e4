using System.Collections;
using Microsoft.Build.Framework;

namespace QuantBuild.Tasks.Tests;

/// <summary>Stands for MSBuild: keeps what a task logs.</summary>
internal sealed class RecordingBuildEngine : IBuildEngine6
{
    private readonly List<BuildEventArgs> events = [];

    public IReadOnlyDictionary<string, string> GlobalProperties { get; set; } = new Dictionary<string, string>();

    public IEnumerable<BuildErrorEventArgs> Errors => events.OfType<BuildErrorEventArgs>();

    public IEnumerable<BuildWarningEventArgs> Warnings => events.OfType<BuildWarningEventArgs>();

    public IEnumerable<string> Messages(MessageImportance importance) => events
        .OfType<BuildMessageEventArgs>()
        .Where(message => message.Importance == importance)
        .Select(message => message.Message ?? "");

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "";

    public bool IsRunningMultipleNodes => false;

    public void LogErrorEvent(BuildErrorEventArgs e) => events.Add(e);

    public void LogWarningEvent(BuildWarningEventArgs e) => events.Add(e);

    public void LogMessageEvent(BuildMessageEventArgs e) => events.Add(e);

    public void LogCustomEvent(CustomBuildEventArgs e) => events.Add(e);

    public void LogTelemetry(string eventName, IDictionary<string, string> properties) => throw new NotSupportedException();

    public IReadOnlyDictionary<string, string> GetGlobalProperties() => GlobalProperties;

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
        throw new NotSupportedException();

    public bool BuildProjectFile(
        string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs, string toolsVersion) =>
        throw new NotSupportedException();

    public bool BuildProjectFilesInParallel(
        string[] projectFileNames, string[] targetNames, IDictionary[] globalProperties, IDictionary[] targetOutputsPerProject, string[] toolsVersion,
        bool useResultsCache, bool unloadProjectsOnCompletion) => throw new NotSupportedException();

    public BuildEngineResult BuildProjectFilesInParallel(
        string[] projectFileNames, string[] targetNames, IDictionary[] globalProperties, IList<string>[] removeGlobalProperties, string[] toolsVersion,
        bool returnTargetOutputs) => throw new NotSupportedException();

    public object GetRegisteredTaskObject(object key, RegisteredTaskObjectLifetime lifetime) => throw new NotSupportedException();

    public void RegisterTaskObject(object key, object obj, RegisteredTaskObjectLifetime lifetime, bool allowEarlyCollection) =>
        throw new NotSupportedException();

    public object UnregisterTaskObject(object key, RegisteredTaskObjectLifetime lifetime) => throw new NotSupportedException();

    public void Reacquire() => throw new NotSupportedException();

    public void Yield() => throw new NotSupportedException();
}
