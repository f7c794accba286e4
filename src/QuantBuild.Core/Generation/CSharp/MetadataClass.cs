namespace QuantBuild.Generation.CSharp;

/// <summary>Writes constants into the nested class <c>Metadata</c>, which both generated files declare a part of.</summary>
internal static class MetadataClass
{
    /// <param name="variant">The variant of which the constants are alone; null: all there is.</param>
    public static void Write(SourceWriter writer, IEnumerable<MetadataConstant> constants, string? variant = null)
    {
        using (writer.Block("public static partial class Metadata"))
        using (variant is null ? null : writer.Block($"public static partial class {variant}"))
        {
            foreach (MetadataConstant constant in constants)
            {
                (string type, string value) = constant.Value switch
                {
                    string text => ("string", CSharpLiteral.Of(text)),
                    int number => ("int", CSharpLiteral.Of(number)),
                    double number => ("double", DecimalLiteral.Of(number, "double.NaN")),
                    _ => ("long", CSharpLiteral.Of((long)constant.Value)),
                };
                writer.Write($"/// <summary>{constant.Documentation}</summary>");
                writer.Write($"public const {type} {constant.Name} = {value};");
            }
        }
    }
}
