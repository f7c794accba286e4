namespace QuantBuild.Diagnostics;

/// <summary>Collects problems so that all of them are reported at once, in the order they were found.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<Diagnostic> diagnostics = [];

    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    public bool HasErrors => diagnostics.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    public void Add(Diagnostic diagnostic) => diagnostics.Add(diagnostic);

    public void AddRange(IEnumerable<Diagnostic> range) => diagnostics.AddRange(range);
}

/// <summary>Work that cannot go on; carries at least one error of the catalogue and is turned into a message, never into a stack trace.</summary>
internal sealed class QuantBuildException : Exception
{
    public QuantBuildException(Diagnostic diagnostic, Exception? cause = null)
        : base(diagnostic.Message, cause)
    {
        Diagnostic = diagnostic;
    }

    public Diagnostic Diagnostic { get; }
}
