using System.Globalization;

namespace QuantBuild.Diagnostics;

internal enum DiagnosticSeverity
{
    Message,
    Warning,
    Error,
}

/// <summary>What every occurrence of one code shares; the catalogue and the documentation page are made of it.</summary>
/// <param name="Code"><c>QB</c> and four digits, the first being the stage.</param>
/// <param name="Title">One line, without the particulars.</param>
/// <param name="MessageFormat">Composite format of the message: what, where, what was allowed, what to do.</param>
/// <param name="Cause">Why it happens, for the documentation page.</param>
/// <param name="Fix">What to do, for the documentation page.</param>
internal sealed record DiagnosticDescriptor(
    string Code,
    DiagnosticSeverity Severity,
    string Title,
    string MessageFormat,
    string Cause,
    string Fix)
{
    /// <param name="origin">What the user wrote that led here; null when nothing particular did.</param>
    public Diagnostic At(DiagnosticOrigin? origin, params object?[] arguments) =>
        new(this, string.Format(CultureInfo.InvariantCulture, MessageFormat, arguments), origin)
        {
            Arguments = [.. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "")],
        };
}

/// <summary>The item, and the setting of it, that a diagnostic speaks of; MSBuild's task turns it into file, line and column.</summary>
/// <param name="Model">The item's <c>Include</c> as the user wrote it; null for the whole project.</param>
/// <param name="Setting">Name of the metadata or, with the prefix <c>QuantBuild</c>, property as the user wrote it; null for the item itself.</param>
internal sealed record DiagnosticOrigin(string? Model, string? Setting = null);

/// <summary>One problem, ready to be shown.</summary>
internal sealed record Diagnostic(DiagnosticDescriptor Descriptor, string Message, DiagnosticOrigin? Origin)
{
    public string Code => Descriptor.Code;

    public DiagnosticSeverity Severity => Descriptor.Severity;

    /// <summary>What stands in the message for its placeholders.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public bool Equals(Diagnostic? other) =>
        other is not null && Descriptor == other.Descriptor && Message == other.Message && Origin == other.Origin;

    public override int GetHashCode() => HashCode.Combine(Descriptor, Message, Origin);

    public override string ToString() => $"{Severity.ToString().ToLowerInvariant()} {Code}: {Message}";
}
