using System.Globalization;
using System.Text;

namespace QuantBuild.Settings;

/// <summary>
/// Names of the generated code: made from file names, or checked when the user chose them. Keywords are names like others, as the
/// generated code escapes them.
/// </summary>
internal static class GeneratedNames
{
    /// <summary>Name of a class whose file name has no letter and no digit.</summary>
    private const string Nameless = "Model";

    /// <summary>
    /// Pascal case of the letters and digits of a file name: <c>fashion-mobilenet</c> gives <c>FashionMobilenet</c>, <c>1x</c> gives
    /// <c>_1x</c>. The same on file systems that decompose letters with accents.
    /// </summary>
    public static string ClassNameOf(string fileNameWithoutExtension)
    {
        StringBuilder name = new();
        bool startsWord = true;
        IEnumerable<char> wellFormed = fileNameWithoutExtension.Select(character => HasNoForm(character) ? '-' : character);
        foreach (char character in string.Concat(wellFormed).Normalize(NormalizationForm.FormC))
        {
            bool belongs = char.IsLetterOrDigit(character);
            if (belongs)
                name.Append(startsWord ? char.ToUpperInvariant(character) : character);
            startsWord = !belongs;
        }

        if (name.Length == 0)
            return Nameless;
        return char.IsDigit(name[0]) ? "_" + name : name.ToString();
    }

    /// <summary>
    /// The namespace for MSBuild's root namespace, which by default is the project's name and may be none: <c>my-app.1</c> gives
    /// <c>my_app._1</c>.
    /// </summary>
    public static string NamespaceOf(string rootNamespace) =>
        string.Join('.', rootNamespace.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(PartOf));

    /// <summary>Letters, digits and underscores, no digit first.</summary>
    public static bool IsClassName(string name) => name.Length > 0 && !char.IsDigit(name[0]) && name.All(BelongsToName);

    public static bool IsNamespace(string name) => name.Split('.').All(IsClassName);

    /// <summary>The type that the code of both classes would declare, as each comes with classes of its inputs, outputs and options; null for none.</summary>
    public static string? Common(QuantizationSettings model, QuantizationSettings other) =>
        TypesOf(model).Intersect(TypesOf(other), StringComparer.Ordinal).FirstOrDefault();

    private static IEnumerable<string> TypesOf(QuantizationSettings model)
    {
        string[] always = ["", "Input", "Output", "Options", "Metadata", "Measurements", "Prediction", "ServiceExtensions"];
        string[] ofVariants = ["Variant", "Adaptive", "AdaptiveOptions"];
        return always.Concat(model.Family is null ? [] : ofVariants).Select(suffix => model.ClassName + suffix);
    }

    /// <summary>Whether a normal form refuses it: halves of pairs, and what is no character at all.</summary>
    private static bool HasNoForm(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;

    private static string PartOf(string part)
    {
        string name = string.Concat(part.Select(character => BelongsToName(character) ? character : '_'));
        return char.IsDigit(name[0]) ? "_" + name : name;
    }

    private static bool BelongsToName(char character) => char.IsLetterOrDigit(character) || character == '_';
}
