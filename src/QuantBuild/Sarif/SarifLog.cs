using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Serialization;
using QuantBuild.Tasks.Positions;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Sarif;

/// <summary>
/// All diagnostics of a project in <c>quantbuild.sarif</c>. A build tells only what it looked at anew, so that the file keeps what was said of
/// everything else: models that are current, and the step of the worker that was not necessary.
/// </summary>
/// <param name="outputDirectory">Absolute; the file lies there.</param>
/// <param name="projectDirectory">Absolute.</param>
/// <param name="command">Of the worker.</param>
internal sealed class SarifLog(string outputDirectory, string projectDirectory, string command)
{
    public const string FileName = "quantbuild.sarif";

    private readonly string path = Path.Combine(outputDirectory, FileName);
    private readonly List<SarifResult> found = [];

    /// <summary>Whether this build had nothing to tell.</summary>
    public bool IsEmpty => found.Count == 0;

    public void Add(ResultDiagnostic diagnostic, SourcePosition at) => found.Add(new SarifResult
    {
        RuleId = diagnostic.Code ?? "QuantBuild",
        Level = diagnostic.Severity is ResultDiagnostic.Error or ResultDiagnostic.Warning ? diagnostic.Severity : "note",
        Message = new SarifMessage { Text = diagnostic.Message ?? "" },
        Locations =
        [
            new SarifLocation
            {
                PhysicalLocation = new SarifPhysicalLocation
                {
                    ArtifactLocation = new SarifArtifactLocation { Uri = SarifPaths.Relative(SarifPaths.RootOf(projectDirectory), at.File) },
                    Region = at.Line > 0 ? new SarifRegion { StartLine = at.Line, StartColumn = Math.Max(1, at.Column) } : null,
                },
            },
        ],
        Properties = new SarifProperties { Command = command, Model = diagnostic.Model, Setting = diagnostic.Setting, Figures = diagnostic.Figures },
    });

    /// <param name="models">Identities of all models of the project.</param>
    /// <param name="looked">Those that the worker looked at now; null: at all.</param>
    public void Write(IReadOnlyCollection<string> models, IReadOnlyCollection<string>? looked)
    {
        IEnumerable<SarifResult> kept = Earlier().Where(result =>
            result.Properties.Model is not { } model ? result.Properties.Command != command
            : models.Contains(model) && (result.Properties.Command != command || looked?.Contains(model) == false));
        SarifResult[] all =
        [
            .. kept.Concat(found)
                .OrderBy(result => result.Properties.Command, StringComparer.Ordinal)
                .ThenBy(result => result.Properties.Model, StringComparer.Ordinal)
                .ThenBy(result => result.RuleId, StringComparer.Ordinal)
                .ThenBy(result => result.Message.Text, StringComparer.Ordinal),
        ];
        AtomicFile.WriteIfDifferent(path, SarifJson.ToBytes(all));
    }

    /// <summary>A file that is damaged has said nothing.</summary>
    private List<SarifResult> Earlier()
    {
        try
        {
            List<SarifResult> results = File.Exists(path) ? Json.Deserialize<SarifFile>(File.ReadAllBytes(path)).Runs?.FirstOrDefault()?.Results ?? [] : [];
            return results.TrueForAll(result => result is { RuleId: not null, Message.Text: not null, Locations: not null, Properties.Command: not null }) ? results : [];
        }
        catch (SerializationException)
        {
            return [];
        }
    }
}
