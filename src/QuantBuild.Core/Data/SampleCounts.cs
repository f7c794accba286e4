using QuantBuild.Diagnostics;

namespace QuantBuild.Data;

/// <summary>Arrays that are read together describe the same samples.</summary>
internal static class SampleCounts
{
    /// <exception cref="QuantBuildException">QB4008: they have different numbers of samples.</exception>
    public static void Verify(IReadOnlyList<SampleArray> arrays, string displayPath, DiagnosticOrigin? origin)
    {
        if (arrays.FirstOrDefault(array => array.SampleCount != arrays[0].SampleCount) is { } other)
            throw new QuantBuildException(DiagnosticCatalogue.CountMismatch.At(
                origin, displayPath, arrays[0].Name, arrays[0].SampleCount, other.Name, other.SampleCount));
    }
}
