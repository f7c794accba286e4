namespace QuantBuild.Reporting.Html;

/// <summary>A part of the page with a heading of its own.</summary>
/// <param name="Id">Where links lead.</param>
/// <param name="Lead">What it shows, in a sentence or two.</param>
/// <param name="Content">As <see cref="Markup.Tag"/> takes it.</param>
internal sealed record Section(string Id, string Title, object? Lead, params object?[] Content);
