using System.Collections.Generic;
using System.Linq;
using System.Runtime.Serialization;

namespace QuantBuild.Tasks.Protocol;

/// <summary>What the worker answers. Members that the file lacks are null.</summary>
[DataContract]
internal sealed class WorkerResult
{
    [DataMember(Name = "schema")]
    public int Schema { get; set; }

    [DataMember(Name = "diagnostics")]
    public List<ResultDiagnostic>? Diagnostics { get; set; }

    [DataMember(Name = "models")]
    public List<ResultModel>? Models { get; set; }

    public IEnumerable<ResultDiagnostic> Errors => (Diagnostics ?? []).Where(diagnostic => diagnostic.Severity == ResultDiagnostic.Error);

    /// <summary>Errors and warnings.</summary>
    public IEnumerable<ResultDiagnostic> Problems =>
        (Diagnostics ?? []).Where(diagnostic => diagnostic.Severity is ResultDiagnostic.Error or ResultDiagnostic.Warning);

    public bool HasErrors => Errors.Any();
}

[DataContract]
internal sealed class ResultDiagnostic
{
    public const string Error = "error";

    public const string Warning = "warning";

    /// <summary><c>error</c>, <c>warning</c> or <c>message</c>.</summary>
    [DataMember(Name = "severity")]
    public string? Severity { get; set; }

    [DataMember(Name = "code")]
    public string? Code { get; set; }

    [DataMember(Name = "message")]
    public string? Message { get; set; }

    /// <summary>The item's <c>Include</c>; null for the whole project.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; set; }

    /// <summary>Name of the metadata or of the property; null for the item itself.</summary>
    [DataMember(Name = "setting")]
    public string? Setting { get; set; }

    /// <summary>What the message names, by itself.</summary>
    [DataMember(Name = "figures")]
    public List<string>? Figures { get; set; }
}

[DataContract]
internal sealed class ResultModel
{
    [DataMember(Name = "include")]
    public string? Include { get; set; }

    [DataMember(Name = "name")]
    public string? Name { get; set; }

    /// <summary>One line for people; null when only code was generated.</summary>
    [DataMember(Name = "summary")]
    public string? Summary { get; set; }

    /// <summary>Where the result came from, one sentence each.</summary>
    [DataMember(Name = "notes")]
    public List<string>? Notes { get; set; }

    /// <summary>What the model was made from; null when a file changed meanwhile.</summary>
    [DataMember(Name = "inputs")]
    public List<ResultInput>? Inputs { get; set; }
}

[DataContract]
internal sealed class ResultInput
{
    /// <summary>Absolute.</summary>
    [DataMember(Name = "path")]
    public string? Path { get; set; }

    [DataMember(Name = "sha256")]
    public string? Sha256 { get; set; }
}

/// <summary>One line of the worker's standard output.</summary>
[DataContract]
internal sealed class WorkerProgress
{
    [DataMember(Name = "model")]
    public string? Model { get; set; }

    [DataMember(Name = "stage")]
    public string? Stage { get; set; }

    /// <summary>0 to 1 within the stage.</summary>
    [DataMember(Name = "fraction")]
    public double Fraction { get; set; }

    /// <summary>What the fraction counts.</summary>
    [DataMember(Name = "detail")]
    public string? Detail { get; set; }
}
