using System.Collections.Generic;
using System.Runtime.Serialization;

namespace QuantBuild.Tasks.Sarif;

/// <summary>The part of a SARIF log that is read back: its results.</summary>
[DataContract]
internal sealed class SarifFile
{
    [DataMember(Name = "runs")]
    public List<SarifRun>? Runs { get; set; }
}

[DataContract]
internal sealed class SarifRun
{
    [DataMember(Name = "results")]
    public List<SarifResult>? Results { get; set; }
}

/// <summary>One diagnostic at its place.</summary>
[DataContract]
internal sealed class SarifResult
{
    [DataMember(Name = "ruleId")]
    public string RuleId { get; set; } = "";

    /// <summary><c>error</c>, <c>warning</c> or <c>note</c>.</summary>
    [DataMember(Name = "level")]
    public string Level { get; set; } = "";

    [DataMember(Name = "message")]
    public SarifMessage Message { get; set; } = new();

    [DataMember(Name = "locations")]
    public List<SarifLocation> Locations { get; set; } = [];

    [DataMember(Name = "properties")]
    public SarifProperties Properties { get; set; } = new();
}

[DataContract]
internal sealed class SarifMessage
{
    [DataMember(Name = "text")]
    public string Text { get; set; } = "";
}

[DataContract]
internal sealed class SarifLocation
{
    [DataMember(Name = "physicalLocation")]
    public SarifPhysicalLocation PhysicalLocation { get; set; } = new();
}

[DataContract]
internal sealed class SarifPhysicalLocation
{
    [DataMember(Name = "artifactLocation")]
    public SarifArtifactLocation ArtifactLocation { get; set; } = new();

    [DataMember(Name = "region")]
    public SarifRegion? Region { get; set; }
}

[DataContract]
internal sealed class SarifArtifactLocation
{
    [DataMember(Name = "uri")]
    public string Uri { get; set; } = "";
}

[DataContract]
internal sealed class SarifRegion
{
    [DataMember(Name = "startLine")]
    public int StartLine { get; set; }

    [DataMember(Name = "startColumn")]
    public int StartColumn { get; set; }
}

/// <summary>What SARIF has no field for.</summary>
[DataContract]
internal sealed class SarifProperties
{
    /// <summary>Of the worker, by which it was found: <c>generate</c> or <c>quantize</c>.</summary>
    [DataMember(Name = "command")]
    public string Command { get; set; } = "";

    /// <summary>The item's <c>Include</c>; null for the whole project.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; set; }

    [DataMember(Name = "setting")]
    public string? Setting { get; set; }

    /// <summary>What the message names: files, values, limits, counts.</summary>
    [DataMember(Name = "figures")]
    public List<string>? Figures { get; set; }
}
