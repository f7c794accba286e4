namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes constants into the nested class <c>Metadata</c>, which both generated files declare a part of.</summary>
internal static class MetadataClass
{
    /// <param name="writeConstructor">Called in the class, before the constants.</param>
    public static void Write(SourceWriter writer, IEnumerable<MetadataConstant> constants, Action writeConstructor)
    {
        using (writer.Indented("Partial Public NotInheritable Class Metadata", "End Class"))
        {
            writeConstructor();
            foreach (MetadataConstant constant in constants)
            {
                (string type, string value) = constant.Value switch
                {
                    string text => ("String", VisualBasicLiteral.Of(text)),
                    int number => ("Integer", VisualBasicLiteral.Of(number)),
                    double number => ("Double", DecimalLiteral.Of(number, "Global.System.Double.NaN")),
                    _ => ("Long", VisualBasicLiteral.Of((long)constant.Value)),
                };
                writer.Write($"''' <summary>{constant.Documentation}</summary>");
                writer.Write($"Public Const {constant.Name} As {type} = {value}");
            }
        }
    }
}
