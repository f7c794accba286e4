using System.Globalization;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>A model one of whose outputs has a score for each of the classes that a file names.</summary>
/// <param name="Output">Index of the output: float32, <c>[classes]</c> or <c>[batch, classes]</c>.</param>
/// <param name="Labels">The names of the classes by number, without control characters.</param>
internal sealed record Classifier(int Output, IReadOnlyList<string> Labels)
{
    /// <summary>
    /// Characters of all names together. An assembly holds 16 MB of string literals, two bytes a character, and the rest of the program
    /// has some too.
    /// </summary>
    public const int MostCharacters = 4_000_000;

    /// <summary>Takes the first output that fits.</summary>
    /// <param name="labels">The names of the classes by number.</param>
    /// <returns>Null when no output has one score per name.</returns>
    /// <exception cref="QuantBuildException">QB8006: the names are too long together.</exception>
    public static Classifier? Of(ModelSignature signature, IReadOnlyList<string> labels, DiagnosticOrigin origin)
    {
        long characters = labels.Sum(label => (long)label.Length);
        if (characters > MostCharacters)
            throw new QuantBuildException(DiagnosticCatalogue.LongLabels.At(origin, Digits(characters), Digits(MostCharacters)));
        for (int output = 0; output < signature.Outputs.Count; output++)
        {
            TensorSignature tensor = signature.Outputs[output];
            if (tensor.ElementType == OnnxElementType.Float && tensor.Shape is { Count: 1 or 2 } shape && shape[^1].Value == labels.Count)
                return new Classifier(output, labels);
        }
        return null;
    }

    /// <summary>QB8005, when <see cref="Of"/> finds none.</summary>
    public static Diagnostic WhyNone(ModelSignature signature, IReadOnlyList<string> labels, string model, DiagnosticOrigin origin) =>
        DiagnosticCatalogue.NoOutputForLabels.At(
            origin, Digits(labels.Count), model, string.Join("; ", signature.Outputs.Select(output => $"'{output.Name}' {output}")));

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
