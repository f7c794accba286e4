using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;

namespace QuantBuild.Tasks.Requests;

/// <summary>In which forms the project wants a model. What the names mean, and whether they mean anything, the worker says.</summary>
internal static class ModelVariants
{
    public const string Setting = "Variants";

    private static readonly string?[] Single = [null];

    /// <summary>An item that has its own <c>Scheme</c> wants that, whatever the property says of all models.</summary>
    /// <param name="property">Value of <c>QuantBuildVariants</c>.</param>
    /// <returns>Names that are different and safe as parts of a file name, in the order in which they are written; one null for a model that has one form.</returns>
    public static IReadOnlyList<string?> Of(ITaskItem model, string property)
    {
        string written = model.GetMetadata(Setting);
        if (string.IsNullOrWhiteSpace(written) && string.IsNullOrWhiteSpace(model.GetMetadata("Scheme")))
            written = property;
        List<string> names = [.. written.Split(';')
            .Select(name => string.Concat(name.Trim().Select(character => char.IsLetterOrDigit(character) ? character : '_')))
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Count == 0 ? Single : names;
    }
}
