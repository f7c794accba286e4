using System.Globalization;
using System.Text.RegularExpressions;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Which release of ONNX Runtime is the first that loads a model.</summary>
internal static partial class RuntimeRequirement
{
    // https://onnxruntime.ai/docs/reference/compatibility.html#onnx-opset-support up to 1.20; later ones by the release that took in the
    // version of ONNX: 1.17 with opset 22 in 1.21, 1.18 with opset 23 in 1.23. Older ones than 1.14 do not come as far as here.
    private static readonly (int Opset, Version First)[] opsets =
        [(18, new(1, 14)), (19, new(1, 15)), (20, new(1, 17)), (21, new(1, 18)), (22, new(1, 21)), (23, new(1, 23))];

    private static readonly (long Format, Version First)[] formats = [(9, new(1, 16)), (10, new(1, 18)), (11, new(1, 23))];

    /// <returns>Null: every release that QuantBuild works with.</returns>
    public static Version? FirstFor(int opset, long formatVersion) =>
        opsets.Where(row => row.Opset <= opset).Select(row => row.First)
            .Concat(formats.Where(row => row.Format <= formatVersion).Select(row => row.First))
            .Max();

    /// <param name="model">With the operators that ship.</param>
    /// <param name="runtime">As <see cref="EngineIdentity.Version"/> says it; nothing is checked when it names no release of ONNX Runtime.</param>
    /// <exception cref="QuantBuildException">QB9006.</exception>
    public static void Check(OnnxModel model, string runtime, DiagnosticOrigin origin)
    {
        if (Release().Match(runtime) is not { Success: true } release || FirstFor(model.Opset, model.FormatVersion) is not { } needed)
            return;
        int Number(int group) => int.Parse(release.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        if (new Version(Number(2), Number(3)) < needed)
        {
            string what = $"'{origin.Model}' with opset {model.Opset} and file format {model.FormatVersion}";
            throw new QuantBuildException(DiagnosticCatalogue.RuntimeTooOld.At(origin, release.Groups[1].Value, what, needed.ToString(2)));
        }
    }

    [GeneratedRegex(@"^ONNX Runtime ((\d{1,5})\.(\d{1,5})\S*)")]
    private static partial Regex Release();
}
