namespace QuantBuild.Generation.CSharp;

/// <summary>Writes constants into the nested class <c>Metadata</c>, which both generated files declare a part of.</summary>
internal static class MetadataClass
{
    public static void Write(SourceWriter writer, IEnumerable<MetadataConstant> constants)
    {
        using (writer.Block("public static partial class Metadata"))
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
