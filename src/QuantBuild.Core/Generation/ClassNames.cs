using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Generation;

/// <summary>Refuses names that the generated class cannot have.</summary>
internal static class ClassNames
{
    /// <summary>Of methods that <c>Run</c> calls.</summary>
    private static readonly string[] helpers =
    [
        "InferDimension", "CreateTensor", "CreateStringTensor", "CheckLength", "CheckedShape", "CountElements", "LengthOf",
        "DividedLength", "CheckAgreement", "RunSession", "Terminate",
    ];

    /// <summary>The members of the generated class, inherited ones too; none may be called like the class.</summary>
    private static readonly string[] members =
    [
        "Metadata", "Labels", "LabelTable", "Load", "LoadAsync", "LoadFrom", "OpenModel", "Session", "Run", "RunAsync", "RunBatch", "Dispose",
        "InputNames", "OutputNames", "ReadModel", "ModelPath", "Open", "OpenFile", "Variant", "VariantFile", "FileOf", "Resolve", "LoadAdaptive", "CreateSession",
        "VerifyFiles", "VerifyHash", "Enter", "Leave", "PixelFormat", "PixelPipeline", "PixelAxis", "PixelRows",
        "Runner", "CreateRunner", "RentRunner", "IdleRunner", "ReturnRunner", "CloseRunners", "CreateBuffer", .. helpers, .. OutputMembers.InheritedMembers,
    ];

    // In the global namespace a class of such a name would hide what all types are reached through.
    private static readonly string[] rootNamespaces = ["System", "Microsoft"];

    /// <inheritdoc cref="helpers"/>
    public static IReadOnlyList<string> Helpers => helpers;

    /// <param name="isIdentifier">Whether the language can have an identifier that is made of letters, digits and underscores.</param>
    /// <param name="comparer">Which names are the same in the language.</param>
    /// <exception cref="QuantBuildException">The name of the class or the namespace cannot be one (QB8001, QB8003).</exception>
    public static void Check(QuantizationSettings settings, Func<string, bool> isIdentifier, StringComparer comparer)
    {
        if (!IsName(settings.ClassName))
            throw Invalid("ClassName", settings.ClassName, "name");
        if (settings.Namespace.Length > 0 && !settings.Namespace.Split('.').All(IsName))
            throw Invalid("Namespace", settings.Namespace, "namespace");
        if (members.Contains(settings.ClassName, comparer)
            || (settings.Namespace.Length == 0 && rootNamespaces.Contains(settings.ClassName, comparer)))
        {
            throw new QuantBuildException(DiagnosticCatalogue.ReservedClassName.At(
                new(settings.DisplayPath, "ClassName"), settings.ClassName, settings.DisplayPath));
        }

        bool IsName(string name) => Identifiers.IsIdentifier(name) && isIdentifier(name);

        QuantBuildException Invalid(string setting, string value, string noun) =>
            new(DiagnosticCatalogue.InvalidClassName.At(new(settings.DisplayPath, setting), value, noun));
    }
}
